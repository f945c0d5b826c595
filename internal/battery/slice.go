package battery

import (
	"os"
	"testing"
	"time"
)

// The longest slice, and how long one lasts unless TAGROAR_BATTERY_TIME says.
const (
	maxSlice     = time.Hour
	defaultSlice = time.Minute
)

// Time is how long a slice lasts.
func Time(t testing.TB) time.Duration {
	t.Helper()
	text := os.Getenv("TAGROAR_BATTERY_TIME")
	if text == "" {
		return defaultSlice
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		t.Fatalf("battery: TAGROAR_BATTERY_TIME=%s is no duration", text)
	}
	return min(d, maxSlice)
}

// Slice returns where a part goes on: the first seed that no recorded run had,
// and when this slice is over.
func Slice(t testing.TB, point int, name string) (seed uint64, end time.Time) {
	t.Helper()
	s := resume(t, point, name)
	return s.next, time.Now().Add(Time(t))
}

// resume adds up what was recorded of a part.
func resume(t testing.TB, point int, name string) Sum {
	part, ok := Find(point, name)
	if !ok {
		t.Fatalf("battery: point %d has no part %q; see Parts", point, name)
	}
	var results []Result
	if file := recordFile(t); file != "" {
		var err error
		if results, err = Read(file); err != nil {
			t.Fatalf("battery: %v", err)
		}
	}
	return Add(part, results)
}

// Each calls f with one seed after the other, from where the last slice ended
// until the part has its whole size, the slice is over, or the test has failed,
// and records it. f returns how much it ran, in the part's unit, and fails the
// test if it finds a loss.
func Each(t *testing.T, point int, name string, f func(seed uint64) (size int64)) {
	t.Helper()
	first, end := Slice(t, point, name)
	part, _ := Find(point, name)
	r := Result{Point: point, Name: name, First: first}
	missing := part.Full - resume(t, point, name).Size
	more := func(seed uint64) bool {
		return (part.Full == 0 || r.Size < missing) && (part.Seeds == 0 || seed <= part.Seeds)
	}
	began := time.Now()
	defer func() { // f may end the goroutine
		r.Took = time.Since(began)
		if t.Failed() {
			r.Losses++
		}
		if r.Last > 0 {
			Record(t, r)
		}
	}()
	for seed := first; !t.Failed() && time.Now().Before(end) && more(seed); seed++ {
		r.Last = seed
		r.Size += f(seed)
	}
}
