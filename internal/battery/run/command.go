package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// test runs the test of a part; it records itself.
func test(ctx context.Context, p battery.Part, name, file string, long time.Duration) error {
	args := []string{"test", "-tags", "battery", "-count=1", "-v", "-run", "^" + p.Test + "$"}
	if p.Race {
		args = append(args, "-race")
	}
	// What is no slice takes as long as it takes.
	args = append(args, "-timeout", (long + 3*time.Hour).String(), "./"+p.Package)
	out, err := command(ctx, name, file, long, args)
	if err == nil && bytes.Contains(out, []byte("testing: warning: no tests to run")) {
		return fmt.Errorf("package %s has no %s", p.Package, p.Test)
	}
	return err
}

// command runs the go command with the battery's environment, and tells a terminal
// how long it has been at it. If it fails the end of its output is in the error.
func command(ctx context.Context, name, file string, long time.Duration, args []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // go passes it on
	cmd.WaitDelay = time.Minute
	cmd.Env = append(os.Environ(), "TAGROAR_BATTERY="+file, "TAGROAR_BATTERY_TIME="+long.String(), "TAGROAR_BATTERY_COMMIT="+commit(ctx))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	began := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	clear := ""
	for {
		select {
		case err := <-done:
			fmt.Print(clear)
			if err != nil {
				err = errors.Join(err, errors.New(tail(out.String(), 40)))
			}
			return out.Bytes(), err
		case <-tick.C:
			if terminal() {
				fmt.Printf("\r%s %v, a slice is %v ", name, time.Since(began).Round(time.Second), long)
				clear = "\r" + strings.Repeat(" ", 70) + "\r"
			}
		}
	}
}

func terminal() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func tail(s string, lines int) string {
	all := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// commit names what is checked out, with a + if something is changed; "" outside
// of git.
func commit(ctx context.Context) string {
	head, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return ""
	}
	name := strings.TrimSpace(string(head))
	// The results change while it runs.
	changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "--", ".", ":!"+battery.File).Output()
	if err != nil || len(changes) > 0 {
		name += "+"
	}
	return name
}
