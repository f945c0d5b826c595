package tagset_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModelDirectory drives a durable store beside the oracle: what TestModel does,
// and between the transactions the store is closed and opened, compacted, and asked for
// any version that it ever had.
func TestModelDirectory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(dirRun))) // TestModelLoss does much of this too
}

// dirRun is one random history in a directory of its own.
func dirRun(t *rapid.T) {
	m := newDirMachine(t, crashfs.New())
	defer func() { m.store.Close() }() // the one of the end
	t.Repeat(map[string]func(*rapid.T){
		"":         m.check,
		"update":   m.commit,
		"update 2": m.commit,
		"update 3": m.commit,
		"nothing":  m.nothing,
		"reopen":   m.reopen,
		"compact":  m.compact,
		"at":       m.at,
		"at time":  m.atTime,
		"diff":     m.diff,
	})
	m.reopen(t)
	for i := range m.all {
		m.requireVersion(t, i)
	}
}

type dirMachine struct {
	*machine
	dir     disk.Dir
	segment int64       // length of segments
	sync    tagset.Sync // level
	all     []kept      // every version, from 0 on
	times   []time.Time // of their commits
}

func newDirMachine(t *rapid.T, dir disk.Dir) *dirMachine {
	verbs, cross := drawVerb(), rapid.Bool().Draw(t, "cross")
	if cross {
		verbs = drawCrossVerb(rapid.IntRange(0, 2).Draw(t, "limits") == 0)
	}
	m := &dirMachine{
		machine: newMachine(t, verbs),
		segment: rapid.SampledFrom([]int64{1, 2000, 1 << 20}).Draw(t, "segment"),
		sync:    rapid.SampledFrom([]tagset.Sync{tagset.SyncOS, tagset.SyncAlways}).Draw(t, "sync"),
	}
	m.dir = dir
	m.open(t)
	m.all = []kept{m.keep()}
	m.times = []time.Time{m.commitTime(t)}
	if cross && rapid.IntRange(0, 4).Draw(t, "empty") > 0 { // other verbs know nothing of groups and includes
		m.found(t)
		m.note(t)
	}
	return m
}

func (m *dirMachine) open(t *rapid.T) {
	c := m.config()
	c.Rand = nil
	c.History = 1
	c.Retain = -1
	c.Sync = m.sync
	s, err := tagset.OpenIn(m.dir, c, m.segment)
	require.NoError(t, err)
	m.store = s
}

// commit is update, remembering every version.
func (m *dirMachine) commit(t *rapid.T) {
	m.update(t)
	m.note(t)
}

// note remembers the current version if it is new.
func (m *dirMachine) note(t *rapid.T) {
	if int(m.want.Version) == len(m.all) {
		k := m.trail[len(m.trail)-1]
		m.all = append(m.all, k)
		m.times = append(m.times, m.commitTime(t))
	}
}

func (m *dirMachine) commitTime(t *rapid.T) time.Time {
	v, err := m.store.At(m.store.View().Version())
	require.NoError(t, err)
	return v.Time()
}

func (m *dirMachine) reopen(t *rapid.T) {
	before := m.store.View()
	require.NoError(t, m.store.Close())
	m.open(t)
	require.Equal(t, before.Version(), m.store.View().Version())
	require.Equal(t, before.Digest(), m.store.View().Digest())
	require.NoError(t, m.store.Check())
	found := m.store.Durability().Recovery
	require.Empty(t, found.Damaged)
	require.Empty(t, found.Torn)
}

func (m *dirMachine) compact(t *rapid.T) {
	require.NoError(t, m.store.Compact())
	snaps := m.store.Durability().Snapshots
	require.EqualValues(t, 0, snaps[0])
	require.Equal(t, m.store.View().Version(), snaps[len(snaps)-1])
}

// requireVersion compares version i, wherever it comes from.
func (m *dirMachine) requireVersion(t *rapid.T, i int) *tagset.View {
	v, err := m.store.At(tagset.Version(i))
	require.NoError(t, err)
	require.Equal(t, m.times[i], v.Time())
	m.requireContent(t, i, v)
	return v
}

func (m *dirMachine) requireContent(t *rapid.T, i int, v *tagset.View) {
	require.EqualValues(t, i, v.Version())
	require.Equal(t, m.all[i].digest, v.Digest())
	sameState(t, m.all[i].want, v)
	samePolicy(t, m.all[i].want, v)
}

func (m *dirMachine) at(t *rapid.T) {
	m.requireVersion(t, rapid.IntRange(0, len(m.all)-1).Draw(t, "version"))
	_, err := m.store.At(tagset.Version(len(m.all)))
	require.ErrorIs(t, err, tagset.ErrVersionGone)
}

// atTime asks for a time at, just before or between commits.
func (m *dirMachine) atTime(t *rapid.T) {
	i := rapid.IntRange(0, len(m.all)-1).Draw(t, "version")
	at := m.times[i].Add(rapid.SampledFrom([]time.Duration{-1, 0, 1, time.Minute}).Draw(t, "off"))
	want, _ := slices.BinarySearchFunc(m.times, at, func(a, b time.Time) int {
		if a.After(b) {
			return 1
		}
		return -1
	})
	v, err := m.store.AtTime(at)
	if want == 0 {
		require.ErrorIs(t, err, tagset.ErrVersionGone)
		return
	}
	require.NoError(t, err)
	m.requireContent(t, want-1, v)
	require.False(t, v.Time().After(at))
}

// diff compares two versions, made again or not.
func (m *dirMachine) diff(t *rapid.T) {
	version := rapid.IntRange(0, len(m.all)-1)
	from, to := version.Draw(t, "from"), version.Draw(t, "to")
	a, b := m.all[from], m.all[to]
	a.view, b.view = m.requireVersion(t, from), m.requireVersion(t, to)
	sameDiff(t, a, b)
}
