package crashfs_test

import (
	"bytes"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/crashfs"
	"github.com/tagroar/tagroar/internal/disk"
)

// TestCrashIsAllowed runs random calls, some of which fail, and holds each state
// against the naive rules.
func TestCrashIsAllowed(t *testing.T) {
	rapid.Check(t, battery.Serial(func(t *rapid.T) {
		s := newScript()
		states := map[int][]map[string][]byte{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			s.step(t)
			r := s.dir.Replay()
			for r.Next() {
			}
			states[s.dir.Calls()] = s.check(t, r)
		}
		r := s.dir.Replay()
		for k, call := range r.All() {
			for i, l := range losses {
				found := r.Crash(l).Contents()
				if want := states[k]; want != nil {
					require.True(t, same(want[i], found), "after %v: another Replay finds other things", call)
				}
			}
		}
	}))
}

// losses are those that a test goes through; the first and the last are exact.
var losses = func() []crashfs.Loss {
	l := []crashfs.Loss{{Kept: 0}}
	for seed := range uint64(4) {
		l = append(l, crashfs.Loss{Kept: 10, Seed: seed}, crashfs.Loss{Kept: 50, Seed: seed}, crashfs.Loss{Kept: 90, Seed: seed})
	}
	return append(l, crashfs.Loss{Kept: 100})
}()

// A testScript does the same to a Dir and to the naive model.
type testScript struct {
	dir   *crashfs.Dir
	model naive
	open  map[int]disk.File // by number
	last  byte              // what was written last; no two writes write the same
}

func newScript() *testScript {
	return &testScript{
		dir:   crashfs.New(),
		model: naive{names: map[string]int{}, synced: map[string]int{}},
		open:  map[int]disk.File{},
	}
}

// step draws a call and does it.
func (s *testScript) step(t *rapid.T) {
	works, acts, as := true, true, crashfs.Failure(-1)
	if rapid.IntRange(0, 7).Draw(t, "fails") == 0 {
		as = crashfs.Failure(rapid.IntRange(int(crashfs.IO), int(crashfs.Reverted)).Draw(t, "as"))
		works, acts = false, as == crashfs.Late
		s.dir.Inject(crashfs.Fault{First: 1, As: as})
		defer s.dir.Inject()
	}
	names := rapid.SampledFrom([]string{"a", "b", "c"})
	name := names.Draw(t, "name")
	number, there := s.model.names[name]
	full := s.model.uncertain() >= 5
	what := rapid.SampledFrom([]string{"rename", "remove", "write", "write", "truncate", "sync", "sync", "names"}).Draw(t, "what")
	var err error
	switch {
	case what == "names" || full && (!there || what == "rename" || what == "remove"):
		err = s.dir.Sync()
		s.model.syncNames(acts)
	case !there:
		err = s.create(name, acts)
	case what == "rename":
		to := names.Draw(t, "to")
		err = s.dir.Rename(name, to)
		if acts {
			s.model.move(naiveMove{from: name, to: to, file: number})
		}
	case what == "remove":
		err = s.dir.Remove(name)
		if acts {
			s.model.move(naiveMove{from: name, file: number})
		}
	case what == "write":
		s.last++
		op := naiveOp{
			at: rapid.IntRange(0, 1200).Draw(t, "offset"),
			p:  bytes.Repeat([]byte{s.last}, rapid.IntRange(1, 1500).Draw(t, "length")),
		}
		_, err = s.open[number].WriteAt(op.p, int64(op.at))
		if as == crashfs.Short {
			op.p = op.p[:len(op.p)/2]
		}
		if (acts || as == crashfs.Short) && len(op.p) > 0 {
			s.model.files[number].do(op)
		}
	case what == "truncate":
		size := rapid.IntRange(0, 1500).Draw(t, "size")
		err = s.open[number].Truncate(int64(size))
		if acts {
			s.model.files[number].do(naiveOp{at: size})
		}
	case what == "sync":
		err = s.open[number].Sync()
		s.model.files[number].sync(acts, as == crashfs.Reverted)
	}
	require.Equal(t, works, err == nil, "%v", err)
}

func (s *testScript) create(name string, acts bool) error {
	f, err := s.dir.Create(name)
	if acts {
		number := len(s.model.files)
		s.model.files = append(s.model.files, &naiveFile{})
		s.model.move(naiveMove{to: name, file: number})
		s.open[number] = f
		if f == nil {
			s.dir.Inject()
			s.open[number], _ = s.dir.Edit(name)
		}
	}
	return err
}

// check holds the states that a crash may leave now against the model, and
// returns them.
func (s *testScript) check(t *rapid.T, r *crashfs.Replay) (states []map[string][]byte) {
	seen := map[string][]byte{}
	for name, number := range s.model.names {
		seen[name] = append([]byte{}, s.model.files[number].seen...)
	}
	require.True(t, same(seen, s.dir.Contents()))
	for _, l := range losses {
		found := r.Crash(l).Contents()
		switch l.Kept {
		case 0, 100:
			require.True(t, same(s.model.exactly(l.Kept == 100), found), "%+v", l)
		default:
			require.True(t, s.model.allows(found), "%+v", l)
		}
		states = append(states, found)
	}
	return states
}

func same(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }

// TestCrashStatesOccur: what the rules allow does happen, in states that a
// program must be ready for.
func TestCrashStatesOccur(t *testing.T) {
	old, fresh := bytes.Repeat([]byte{1}, 1536), bytes.Repeat([]byte{2}, 1536)
	create := func(d *crashfs.Dir, name string, b []byte) disk.File {
		f, err := d.Create(name)
		require.NoError(t, err)
		_, err = f.WriteAt(b, 0)
		require.NoError(t, err)
		return f
	}
	synced := func() (*crashfs.Dir, disk.File) {
		d := crashfs.New()
		f := create(d, "f", old)
		require.NoError(t, f.Sync())
		require.NoError(t, d.Sync())
		return d, f
	}
	// states returns how often a crash at the end left each of the kinds that tell
	// tells apart.
	states := func(d *crashfs.Dir, tell func(found map[string][]byte) string) map[string]int {
		r := d.Replay()
		for r.Next() {
		}
		kinds := map[string]int{}
		for seed := range uint64(2000) {
			kinds[tell(r.Crash(crashfs.Loss{Kept: 50, Seed: seed}).Contents())]++
		}
		return kinds
	}
	kinds := func(m map[string]int) (k []string) {
		for name, n := range m {
			require.Greater(t, n, 3, name)
			k = append(k, name)
		}
		return k
	}
	sectors := func(b []byte) (s string) {
		for ; len(b) > 0; b = b[min(len(b), 512):] {
			c := b[0]
			if !bytes.Equal(b[:min(len(b), 512)], bytes.Repeat([]byte{c}, min(len(b), 512))) || c > 2 {
				s += "?" // noise
			} else {
				s += string('0' + c)
			}
		}
		return s
	}

	t.Run("overwritten", func(t *testing.T) {
		d, f := synced()
		f.WriteAt(fresh, 0)
		got := states(d, func(m map[string][]byte) string { return sectors(m["f"]) })
		require.ElementsMatch(t, []string{"111", "112", "121", "122", "211", "212", "221", "222"}, kinds(got))
	})
	t.Run("appended", func(t *testing.T) {
		d, f := synced()
		longer := create(d, "longer", bytes.Repeat(old, 2))
		require.NoError(t, longer.Sync())
		require.NoError(t, d.Remove("longer"))
		f.WriteAt(fresh[:1024], 1536)
		got := states(d, func(m map[string][]byte) string { return sectors(m["f"]) })
		require.ElementsMatch(t, []string{
			"111", "1112", "11122", "11120", "1112?", "11102", "111?2", "11100", "111??", "11112", "11121", "11111",
		}, kinds(got))
	})
	t.Run("truncated and appended", func(t *testing.T) {
		d, f := synced()
		f.Truncate(512)
		f.WriteAt(fresh[:512], 512)
		got := states(d, func(m map[string][]byte) string { return sectors(m["f"]) })
		require.ElementsMatch(t, []string{"111", "121", "1", "12", "11", "10", "1?"}, kinds(got))
	})
	t.Run("renamed without syncs", func(t *testing.T) {
		d, _ := synced()
		create(d, "tmp", fresh)
		require.NoError(t, d.Rename("tmp", "f"))
		got := states(d, func(m map[string][]byte) string {
			tmp, ok := m["tmp"]
			switch s := sectors(m["f"]); {
			case s == "111" && !ok:
				return "old"
			case s == "111":
				return "old beside the new"
			case bytes.Equal(m["f"], fresh) && !ok:
				return "new"
			case ok && bytes.Equal(tmp, m["f"]):
				return "new, linked"
			case s == "":
				return "empty"
			}
			return "torn"
		})
		require.ElementsMatch(t, []string{"old", "old beside the new", "new", "new, linked", "empty", "torn"}, kinds(got))
	})
	t.Run("two files", func(t *testing.T) {
		d, f := synced()
		g := create(d, "g", old)
		require.NoError(t, g.Sync())
		require.NoError(t, d.Sync())
		f.WriteAt(fresh[:1], 0)
		g.WriteAt(fresh[:1], 0)
		got := states(d, func(m map[string][]byte) string { return string([]byte{'0' + m["f"][0], '0' + m["g"][0]}) })
		require.ElementsMatch(t, []string{"11", "12", "21", "22"}, kinds(got))
	})
	t.Run("after a failed sync", func(t *testing.T) {
		d, f := synced()
		f.WriteAt(fresh[:512], 0)
		d.Inject(crashfs.Fault{First: 1})
		require.Error(t, f.Sync())
		require.NoError(t, f.Sync())
		f.WriteAt(fresh[:512], 512)
		require.NoError(t, f.Sync())
		got := states(d, func(m map[string][]byte) string { return sectors(m["f"]) })
		require.ElementsMatch(t, []string{"121", "221"}, kinds(got))
	})
	t.Run("removed, then another created", func(t *testing.T) {
		d, _ := synced()
		require.NoError(t, d.Remove("f"))
		create(d, "g", fresh[:1])
		got := states(d, func(m map[string][]byte) string {
			_, f := m["f"]
			_, g := m["g"]
			return map[bool]string{true: "f"}[f] + map[bool]string{true: "g"}[g]
		})
		require.ElementsMatch(t, []string{"", "f", "g", "fg"}, kinds(got))
	})
}

func BenchmarkCrash(b *testing.B) {
	d := crashfs.New()
	snap, _ := d.Create("snap")
	snap.WriteAt(make([]byte, 1<<20), 0)
	snap.Sync()
	log, _ := d.Create("log")
	for i := range 500 {
		log.WriteAt(bytes.Repeat([]byte{byte(i)}, 400), int64(400*i))
		if i%3 > 0 {
			log.Sync()
		}
	}
	states := 0
	for b.Loop() {
		r := d.Replay()
		for range r.All() {
			r.Crash(crashfs.Loss{Kept: 50, Seed: 1})
			states++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(states), "ns/state")
}
