// Command run runs the acceptance battery at its whole size, or goes on where the
// last run stopped: each part for a slice of time at most, one after the other.
//
//	go run ./internal/battery/run [-time 20m] [-points 1,9] [-json file] [-again]
//
// Parts that are whole already are left out, unless -again. Every slice appends
// a line to the file of results, from which package reliability makes its table.
// To be run in the root of the module.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

func main() {
	long := flag.Duration("time", 20*time.Minute, "how long a slice lasts, at most an hour")
	file := flag.String("json", battery.File, "the results, a line each")
	points := flag.String("points", "", "only these, such as 1,9")
	again := flag.Bool("again", false, "also what is whole already")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failed, err := run(ctx, *file, *points, min(*long, time.Hour), *again)
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
	}
	if err != nil || failed > 0 {
		os.Exit(1)
	}
}

// run runs the parts asked for, and says how many failed.
func run(ctx context.Context, file, points string, long time.Duration, again bool) (failed int, err error) {
	only, err := numbers(points)
	if err != nil {
		return 0, err
	}
	if file, err = filepath.Abs(file); err != nil {
		return 0, err
	}
	for _, p := range battery.Parts() {
		if len(only) > 0 && !slices.Contains(only, p.Point) {
			continue
		}
		results, err := battery.Read(file)
		if err != nil {
			return failed, err
		}
		before := battery.Add(p, results)
		name := fmt.Sprintf("%2d %-16s", p.Point, p.Name)
		switch {
		case before.Whole() && !again:
			fmt.Printf("%s whole already: %d %s\n", name, before.Size, p.Unit.EN)
			continue
		case p.Fuzz:
			err = fuzz(ctx, p, name, file, long)
		case p.Test == "":
			fmt.Printf("%s there is no test yet\n", name)
			continue
		default:
			err = test(ctx, p, name, file, long)
		}
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Printf("%s FAILED: %v\n", name, err)
			continue
		}
		if results, err = battery.Read(file); err != nil {
			return failed, err
		}
		after := battery.Add(p, results)
		fmt.Printf("%s ok: %d of %d %s\n", name, after.Size, max(after.Size, after.Of), p.Unit.EN)
	}
	return failed, nil
}

func numbers(list string) (out []int, err error) {
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}
