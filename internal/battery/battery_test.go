package battery_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
)

// file makes a test record to a file of its own.
func file(t *testing.T) string {
	name := filepath.Join(t.TempDir(), "battery.json")
	t.Setenv("TAGROAR_BATTERY", name)
	t.Setenv("TAGROAR_BATTERY_TIME", "")
	t.Setenv("TAGROAR_BATTERY_COMMIT", "abc1234")
	return name
}

func TestNothingIsRecordedWithoutAFile(t *testing.T) {
	t.Setenv("TAGROAR_BATTERY", "")
	battery.Record(t, battery.Result{Point: 1, Name: "kill", Size: 20})
	seed, end := battery.Slice(t, 1, "kill")
	require.EqualValues(t, 1, seed)
	require.WithinDuration(t, time.Now().Add(time.Minute), end, 10*time.Second)
}

func TestRecord(t *testing.T) {
	name := file(t)
	battery.Record(t, battery.Result{Point: 1, Name: "kill", Size: 20, First: 1, Last: 20, Took: 1234567890})
	battery.Record(t, battery.Result{Point: 4, Name: "segment", Size: 900, Of: 900, Note: "9 KB"})
	got, err := battery.Read(name)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, 1235*time.Millisecond, got[0].Took)
	require.EqualValues(t, 20, got[0].Last)
	require.Equal(t, "abc1234", got[0].Commit)
	require.NotEmpty(t, got[0].Go)
	require.NotEmpty(t, got[0].CPU)
	require.WithinDuration(t, time.Now(), got[0].Date, time.Minute)
	require.EqualValues(t, 900, got[1].Of)
	seed, _ := battery.Slice(t, 1, "kill")
	require.EqualValues(t, 21, seed, "the next slice goes on")
}

// TestRecordTogether is what several processes do, each with a file of its own open.
func TestRecordTogether(t *testing.T) {
	name := file(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if err := battery.Append(name, battery.Result{Point: 9, Name: "histories", Size: 1}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got, err := battery.Read(name)
	require.NoError(t, err)
	require.Len(t, got, 400)
}

func TestReadNamesTheLine(t *testing.T) {
	for what, bad := range map[string]string{"json": "{", "part": `{"point": 1, "name": "no such"}`} {
		name := filepath.Join(t.TempDir(), "battery.json")
		require.NoError(t, os.WriteFile(name, []byte(`{"point": 1, "name": "kill"}`+"\n"+bad), 0o644))
		_, err := battery.Read(name)
		require.ErrorContains(t, err, "battery.json:2: ", what)
	}
	none, err := battery.Read(filepath.Join(t.TempDir(), "none"))
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestEachGoesOn(t *testing.T) {
	name := file(t)
	var seeds []uint64
	stop := 0 // the slice ends after so many
	t.Setenv("TAGROAR_BATTERY_TIME", "300ms")
	step := func(seed uint64) int64 {
		seeds = append(seeds, seed)
		if stop--; stop == 0 {
			time.Sleep(400 * time.Millisecond)
		}
		return 400
	}
	stop = 2
	battery.Each(t, 9, "histories", step) // 1,000 in all
	require.Equal(t, []uint64{1, 2}, seeds)
	battery.Each(t, 9, "histories", step)
	require.Equal(t, []uint64{1, 2, 3}, seeds)
	battery.Each(t, 9, "histories", step)
	require.Equal(t, []uint64{1, 2, 3}, seeds, "it is whole")
	got, err := battery.Read(name)
	require.NoError(t, err)
	part, _ := battery.Find(9, "histories")
	sum := battery.Add(part, got)
	require.EqualValues(t, 1200, sum.Size)
	require.True(t, sum.Whole())
	require.Equal(t, 2, sum.Runs)
	require.EqualValues(t, 3, sum.Last)
}

func TestAdd(t *testing.T) {
	part := battery.Part{Point: 1, Name: "kill", Full: 100}
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	slice := func(first, last uint64, losses int64) battery.Result {
		return battery.Result{Point: 1, Name: "kill", Size: int64(last - first + 1), First: first, Last: last, Losses: losses, Took: time.Second, Date: day(int(last))}
	}
	whole := func(size, of int64, failed bool) battery.Result {
		return battery.Result{Point: 1, Name: "kill", Size: size, Of: of, Failed: failed}
	}

	s := battery.Add(part, []battery.Result{slice(1, 10, 0), {Point: 2, Name: "kill"}, slice(11, 20, 0)})
	require.Equal(t, []any{2, int64(20), uint64(1), uint64(20), day(10), day(20)}, []any{s.Runs, s.Size, s.First, s.Last, s.From, s.To})
	require.False(t, s.Whole(), "20 of 100")

	s = battery.Add(part, []battery.Result{slice(1, 10, 0), slice(1, 10, 2), slice(5, 15, 0)})
	require.EqualValues(t, 10, s.Size, "the same seeds again are the same cases")
	require.EqualValues(t, 2, s.Losses, "but what was lost is not forgotten")

	s = battery.Add(part, []battery.Result{whole(7, 50, true), whole(50, 50, false)})
	require.Equal(t, []any{1, int64(50), int64(50), true}, []any{s.Runs, s.Size, s.Of, s.Whole()}, "of runs without seeds the last counts")
	require.False(t, battery.Add(part, []battery.Result{whole(50, 50, true)}).Whole())
	require.False(t, battery.Add(part, nil).Whole())
}

// TestParts makes sure that every point is there, in order, and each part once.
func TestParts(t *testing.T) {
	seen := map[[2]any]bool{}
	last := 0
	for _, p := range battery.Parts() {
		require.False(t, seen[[2]any{p.Point, p.Name}], "%d %s twice", p.Point, p.Name)
		seen[[2]any{p.Point, p.Name}] = true
		require.Contains(t, []int{last, last + 1}, p.Point)
		last = p.Point
		for _, s := range []string{p.Name, p.Unit.EN, p.Unit.ZH, p.Text.EN, p.Text.ZH} {
			require.NotEmpty(t, s, "%d %s", p.Point, p.Name)
		}
	}
	require.Equal(t, 16, last)
}
