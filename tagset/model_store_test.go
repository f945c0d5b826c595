package tagset_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModel drives a store and the oracle side by side.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(modelRun))
}

// modelRun is one random history.
func modelRun(t *rapid.T) { newMachine(t, drawVerb()).run(t) }

// run is a random history of the machine's verbs.
func (m *machine) run(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"":               m.check,
		"update":         m.update,
		"update and try": m.update, // twice as likely as the others
		"updates":        m.updates,
		"restore":        m.restore,
		"look back":      m.lookBack,
		"nothing":        m.nothing,
	})
	m.verifyKept(t)
	m.twin.end(t)
}

const history = 3

// kept is a view that must never change, with what it must say.
type kept struct {
	view   *tagset.View
	want   *oracle.Store
	digest [32]byte
}

type machine struct {
	store *tagset.Store
	want  *oracle.Store
	now   time.Time
	huge  bool
	kept  []kept
	trail []kept // committed versions, oldest first, at most history+1, of this incarnation of the store
	verb  *rapid.Generator[verb]
	twin  *twin
}

func newMachine(t *rapid.T, verb *rapid.Generator[verb]) *machine {
	m := &machine{want: oracle.New(), now: time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC), verb: verb}
	m.huge = rapid.IntRange(0, 3).Draw(t, "huge") == 0
	var err error
	m.store, err = tagset.New(m.config())
	require.NoError(t, err)
	m.keep()
	m.trail = m.kept[:1:1]
	m.twin = newTwin(t, m.store)
	return m
}

func (m *machine) config() tagset.Config {
	return tagset.Config{History: history, Rand: bytes.NewReader(make([]byte, 4096)), Clock: func() time.Time {
		m.now = m.now.Add(time.Second)
		return m.now
	}}
}

// check is the invariant: after every action the store is whole and says what the oracle says.
func (m *machine) check(t *rapid.T) {
	require.NoError(t, m.store.Check())
	sameState(t, m.want, m.store.View())
	samePolicy(t, m.want, m.store.View())
}

// samePolicy compares the policy and what breaks it.
func samePolicy(t require.TestingT, want *oracle.Store, v *tagset.View) {
	require.Equal(t, tagset.Policy(want.Policy), v.Policy())
	sameViolations(t, want.Policy.Violations(want), v.Violations())
}

// keep remembers the current view.
func (m *machine) keep() kept {
	v := m.store.View()
	k := kept{v, m.want.Clone(), v.Digest()}
	m.kept = append(m.kept, k)
	return k
}

// verifyKept looks at every view that was kept once more.
func (m *machine) verifyKept(t *rapid.T) {
	for _, k := range m.kept {
		require.Equal(t, k.digest, k.view.Digest(), "view of version %d has changed", k.want.Version)
		sameState(t, k.want, k.view)
	}
}

var errAbort = errors.New("the application gives up")

// update runs a transaction of a few verbs which commits, fails or panics.
func (m *machine) update(t *rapid.T) {
	n := rapid.IntRange(0, 6).Draw(t, "verbs")
	m.now = m.now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Minute, time.Hour, 26 * time.Hour}).Draw(t, "time passes"))
	end := rapid.SampledFrom([]string{"commit", "commit", "commit", "error", "panic"}).Draw(t, "end")
	w := m.want.Clone()
	refused := false
	var escaped []kept
	var leaked *tagset.Tx
	run := func() (tagset.Version, error) {
		return m.store.Update(func(tx *tagset.Tx) error {
			leaked = tx
			w.Now, w.Actor = m.now.UnixNano(), ""
			for range n {
				v := m.verb.Draw(t, "verb")
				v.do(t, tx, w, m.huge)
				if rapid.IntRange(0, 3).Draw(t, "look") == 0 {
					escaped = append(escaped, lookInside(t, tx, m.want, w))
				}
			}
			refused = w.Policy.RefusesCommit(m.want, w)
			switch end {
			case "error":
				return errAbort
			case "panic":
				panic(errAbort)
			}
			return nil
		})
	}
	if end == "panic" {
		require.PanicsWithValue(t, errAbort, func() { _, _ = run() })
	} else {
		version, err := run()
		switch {
		case end == "error":
			require.ErrorIs(t, err, errAbort)
		case refused:
			sameError(t, oracle.ErrPolicy, err)
		default:
			require.NoError(t, err)
			changed := w.Changed
			require.EqualValues(t, w.Commit(), version)
			m.want = w
			if changed {
				m.trail = append(m.trail, m.keep())
				m.trail = m.trail[max(0, len(m.trail)-history-1):]
			}
		}
	}
	for _, k := range escaped { // views from inside stay valid, whatever became of the transaction
		require.Equal(t, k.digest, k.view.Digest())
		sameState(t, k.want, k.view)
	}
	m.twin.follow(t)
	m.kept = append(m.kept, escaped...)
	m.kept = m.kept[max(0, len(m.kept)-8):]
	_, err := leaked.Add("a", 1)
	require.ErrorIs(t, err, tagset.ErrClosed)
	require.ErrorIs(t, leaked.Enroll(1), tagset.ErrClosed)
}

// updates are several in a row: nobody reads the versions in between, so nothing lazy is made for them.
func (m *machine) updates(t *rapid.T) {
	for range rapid.IntRange(2, 4).Draw(t, "updates") {
		m.update(t)
	}
}

// lookInside compares the state within a transaction, which counts as the next version once something has changed.
func lookInside(t *rapid.T, tx *tagset.Tx, before, w *oracle.Store) kept {
	inside := w.Clone()
	inside.Commit()
	v := tx.View()
	sameState(t, inside, v)
	samePolicy(t, inside, v)
	require.Equal(t, wantWarnings(before, w, w.Policy), tx.Warnings())
	return kept{v, inside, v.Digest()}
}

// restore goes on with a copy of the store that went through a snapshot.
func (m *machine) restore(t *rapid.T) {
	v := m.store.View()
	if rapid.Bool().Draw(t, "an older view") {
		k := rapid.SampledFrom(m.kept).Draw(t, "kept")
		s := m.throughSnapshot(t, k.view)
		sameState(t, k.want, s.View())
		require.NoError(t, s.Check())
		return
	}
	m.twin.end(t)
	m.store = m.throughSnapshot(t, v)
	m.twin = newTwin(t, m.store)
	m.trail = []kept{m.keep()}
}

func (m *machine) throughSnapshot(t *rapid.T, v *tagset.View) *tagset.Store {
	var b bytes.Buffer
	n, err := v.WriteTo(&b)
	require.NoError(t, err)
	require.EqualValues(t, b.Len(), n)
	first := slices.Clone(b.Bytes())
	s, err := tagset.Restore(&b, m.config())
	require.NoError(t, err)
	require.Equal(t, v.Digest(), s.View().Digest())
	require.Equal(t, v.Version(), s.View().Version())
	b.Reset()
	_, err = s.View().WriteTo(&b)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, b.Bytes()), "snapshot, restored, makes another snapshot")
	return s
}

// lookBack asks for earlier versions, kept and gone.
func (m *machine) lookBack(t *rapid.T) {
	k := rapid.SampledFrom(m.trail).Draw(t, "version")
	v, err := m.store.At(k.view.Version())
	require.NoError(t, err)
	require.Equal(t, k.digest, v.Digest())
	sameState(t, k.want, v)
	_, err = m.store.At(tagset.Version(m.want.Version) + 1)
	require.Error(t, err)
	if oldest := m.trail[0].want.Version; oldest > 0 {
		_, err = m.store.At(tagset.Version(oldest) - 1)
		require.ErrorIs(t, err, tagset.ErrVersionGone)
	}
	sameDiff(t, k, m.trail[len(m.trail)-1])
}

// nothing is a transaction that changes nothing: no new version, the same digest.
func (m *machine) nothing(t *rapid.T) {
	before := m.store.View()
	version, err := m.store.Update(func(tx *tagset.Tx) error { return nil })
	require.NoError(t, err)
	require.Equal(t, before.Version(), version)
	require.Equal(t, before.Digest(), m.store.View().Digest())
}

// sameDiff compares the differences between two versions, both ways.
func sameDiff(t require.TestingT, from, to kept) {
	for _, pair := range [][2]kept{{from, to}, {to, from}} {
		a, b := pair[0], pair[1]
		want := map[uint32][2][]uint32{}
		for id := uint32(1); id <= max(a.want.LastID, b.want.LastID); id++ {
			was, is := membersByID(a.want, id), membersByID(b.want, id)
			entered, left := without(is, was), without(was, is)
			if len(entered)+len(left) > 0 {
				want[id] = [2][]uint32{entered, left}
			}
		}
		got := map[uint32][2][]uint32{}
		last := tagset.TagID(0)
		for d := range tagset.Diff(a.view, b.view) {
			require.Greater(t, d.Tag.ID, last)
			last = d.Tag.ID
			got[uint32(d.Tag.ID)] = [2][]uint32{ids(d.Entered), ids(d.Left)}
		}
		require.Equal(t, want, got, "difference of versions %d and %d", a.want.Version, b.want.Version)
	}
}

func membersByID(s *oracle.Store, id uint32) map[uint32][]string {
	for _, n := range s.Tags {
		if n.ID == id {
			return n.Members
		}
	}
	return nil
}

func without(a, b map[uint32][]string) []uint32 {
	var out []uint32
	for m := range a {
		if b[m] == nil {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}
