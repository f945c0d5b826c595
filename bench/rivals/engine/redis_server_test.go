package engine

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func serve(t *testing.T, ctx context.Context) *redisServer {
	t.Helper()
	s, err := startRedis(ctx)
	var absent *Absent
	if errors.As(err, &absent) {
		t.Skip(err)
	}
	require.NoError(t, err)
	return s
}

func TestRedisLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := serve(t, t.Context())
	socket := filepath.Join(s.dir, "s")
	_, err := os.Stat(socket)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	select {
	case <-s.exited:
	default:
		t.Fatal("the server is still there")
	}
	_, err = net.Dial("unix", socket)
	require.Error(t, err)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestRedisCallsEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, ctx)
	defer s.Close()
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := s.pipeline([]command{{"BLPOP", "nothing", 0}}) // waits for ever
	require.Error(t, err)
	require.Error(t, ctx.Err())
}

func TestRedisTellsWhatItSpends(t *testing.T) {
	s := serve(t, t.Context())
	defer s.Close()
	before, err := s.Spent(t.Context())
	require.NoError(t, err)
	_, err = s.pipeline([]command{{"DEBUG", "JMAP"}})
	require.Error(t, err, "an error reply is an error")
	_, err = s.pipeline([]command{{"EVAL", "for i = 1, 1000000 do end return 1", 0}, {"PING"}})
	require.NoError(t, err)
	after, err := s.Spent(t.Context())
	require.NoError(t, err)
	require.Greater(t, after, before)
	require.NoError(t, s.RoundTrip(t.Context()))
}

func TestRedisThatIsNotInstalledSaysHow(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := startRedis(t.Context())
	require.EqualError(t, err, "not installed: "+redisRemedy)
}

func TestRedisThatDoesNotStartSaysWhy(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("PATH", dir)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "redis-server"), []byte("#!/bin/sh\nexit 1\n"), 0o755))
	_, err := startRedis(t.Context())
	require.ErrorContains(t, err, "ended at once")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left)
}
