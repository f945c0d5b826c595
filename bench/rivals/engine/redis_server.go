package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
)

// redisServer is a redis-server of our own: in a temporary directory, on a Unix socket alone, keeping nothing on disk. It ends with
// Close, and where the system can be asked to see to it, with this process, however that ends.
type redisServer struct {
	conn    redis.Conn
	dir     string
	process *os.Process
	exited  chan struct{} // closed when the process has ended
	version string
	empty   uint64      // used_memory before anything was loaded
	leave   func() bool // takes back the wish to hear of the end of the context
}

const redisRemedy = "apt-get install redis-server, or have redis-server in $PATH"

func startRedis(ctx context.Context) (_ *redisServer, err error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, &Absent{redisRemedy}
	}
	s := &redisServer{exited: make(chan struct{})}
	if s.dir, err = os.MkdirTemp("", "rivals-redis-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("redis-server: %w", err), s.Close())
		}
	}()
	socket := filepath.Join(s.dir, "s")
	cmd := exec.Command(program, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", s.dir,
		"--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", filepath.Join(s.dir, "log"),
		"--lazyfree-lazy-server-del", "yes")
	endWithParent(cmd)
	if err = s.start(cmd); err != nil {
		return nil, err
	}
	if s.conn, err = s.dial(ctx, socket); err != nil {
		return nil, err
	}
	s.leave = context.AfterFunc(ctx, func() { _ = s.conn.Close() }) // whoever waits for a reply then gets an error
	info, err := s.info("server")
	if err != nil {
		return nil, err
	}
	s.version = info["redis_version"]
	s.empty, err = s.used()
	return s, err
}

// start runs the process from a thread that stays until it has ended: Linux ends a child with the thread that made it.
func (s *redisServer) start(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended matters to nobody: it is told to
			close(s.exited)
		}
	}()
	return <-started
}

// dial waits for the socket.
func (s *redisServer) dial(ctx context.Context, socket string) (redis.Conn, error) {
	const patience = 10 * time.Second
	for deadline := time.Now().Add(patience); ; {
		conn, err := redis.DialContext(ctx, "unix", socket)
		if err == nil {
			return conn, nil
		}
		select {
		case <-s.exited:
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return nil, fmt.Errorf("ended at once: %s", log)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return nil, err
		}
	}
}

// Close ends the server and removes its directory.
func (s *redisServer) Close() error {
	if s.conn != nil {
		s.leave()
		_ = s.conn.Close()
	}
	if s.process != nil {
		_ = s.process.Kill() // there is nothing to save
		<-s.exited
	}
	return os.RemoveAll(s.dir)
}

func (s *redisServer) Version() string {
	return fmt.Sprintf("redis-server %s, redigo %s", s.version, moduleVersion("github.com/gomodule/redigo"))
}

// Size is what the data takes in the server.
func (s *redisServer) Size(context.Context) (uint64, error) {
	now, err := s.used()
	return now - min(now, s.empty), err
}

func (s *redisServer) used() (uint64, error) {
	info, err := s.info("memory")
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(info["used_memory"], 10, 64)
}

// Spent sums up what the server says of its commands but INFO, which asks for that.
func (s *redisServer) Spent(context.Context) (time.Duration, error) {
	info, err := s.info("commandstats")
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for name, stats := range info { // cmdstat_sinterstore: calls=3,usec=120,usec_per_call=40.00,…
		if name == "cmdstat_info" {
			continue
		}
		for pair := range strings.SplitSeq(stats, ",") {
			if text, ok := strings.CutPrefix(pair, "usec="); ok {
				usec, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return 0, fmt.Errorf("redis-server: %s: %w", name, err)
				}
				sum += time.Duration(usec) * time.Microsecond
			}
		}
	}
	return sum, nil
}

// RoundTrip is a PING.
func (s *redisServer) RoundTrip(context.Context) error {
	_, err := s.conn.Do("PING")
	return err
}

func (s *redisServer) info(section string) (map[string]string, error) {
	text, err := redis.String(s.conn.Do("INFO", section))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for line := range strings.SplitSeq(text, "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			out[name] = value
		}
	}
	return out, nil
}

// A command of a pipeline.
type command []any

// pipeline sends all commands at once and returns the reply to the last: one way there and back.
func (s *redisServer) pipeline(commands []command) (last any, err error) {
	for _, c := range commands {
		if err := s.conn.Send(c[0].(string), c[1:]...); err != nil {
			return nil, err
		}
	}
	if err := s.conn.Flush(); err != nil {
		return nil, err
	}
	for range commands {
		reply, failed := s.conn.Receive()
		if failed != nil && err == nil {
			err = failed
		}
		last = reply
	}
	return last, err
}
