package guard_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/bench/goals"
	"github.com/tagroar/tagroar/bench/guard"
)

const text = `# the head

left-out D1/*/* the disk decides
left-out N2     two speeds

class AVX2: a processor
Q1         1M          4     3.8–4.2
Q3         1M          10    9–11
H1         1M          <=1   1–1
and/census census1881  2     1.9–2.1
`

func parsed(t *testing.T) *guard.File {
	f, err := guard.Parse(text)
	require.NoError(t, err)
	return f
}

func row(name string, ratio float64) guard.Measured {
	m := guard.Measured{Key: guard.Key{Row: name, Size: "1M"}, Ratio: ratio, AtMost: name == "H1", Profile: "look closely"}
	if name == "and/census" {
		m.Size = "census1881"
	}
	return m
}

// good is a run in which nothing was lost.
func good() []guard.Measured {
	return []guard.Measured{row("Q1", 3.9), row("Q3", 10), row("H1", 1), row("and/census", 2), row("D1/always/bbolt", 0.01), row("N2", 1)}
}

// with is a good run in which one row has another ratio.
func with(name string, ratio float64) []guard.Measured {
	ms := good()
	for i := range ms {
		if ms[i].Row == name {
			ms[i].Ratio = ratio
		}
	}
	return ms
}

func every(string) bool { return true }

// runs answers with one run after another, and notes what was asked for.
type runs struct {
	t     *testing.T
	left  [][]guard.Measured
	asked [][]guard.Key
}

func (r *runs) again(keys []guard.Key) ([]guard.Measured, error) {
	require.NotEmpty(r.t, r.left, "measured once too often: %v", keys)
	r.asked = append(r.asked, keys)
	next := r.left[0]
	r.left = r.left[1:]
	return next, nil
}

func compare(t *testing.T, first []guard.Measured, more ...[]guard.Measured) (guard.Verdict, *runs) {
	r := &runs{t: t, left: more}
	v, err := parsed(t).Compare("AVX2", every, first, r.again)
	require.NoError(t, err)
	require.Empty(t, r.left, "not measured often enough")
	return v, r
}

func TestNothingLost(t *testing.T) {
	v, _ := compare(t, good())
	require.Empty(t, v.Failures)
	require.Empty(t, v.Notes)
	require.Equal(t, 4, v.Compared, "all but those left out")
	for name, ratio := range map[string]float64{"Q1": 3, "Q3": 7.5, "H1": 1.33, "and/census": 100} {
		v, _ := compare(t, with(name, ratio))
		require.Empty(t, v.Failures, "%s: a quarter may be lost", name)
	}
}

func TestALossThatDoesNotRepeat(t *testing.T) {
	v, r := compare(t, with("Q3", 7), good())
	require.Empty(t, v.Failures)
	require.Equal(t, 1, v.Again)
	require.Equal(t, [][]guard.Key{{{Row: "Q3", Size: "1M"}}}, r.asked, "that row alone")

	v, r = compare(t, with("Q3", 7), with("Q3", 5), good())
	require.Empty(t, v.Failures)
	require.Len(t, r.asked, 2)
}

func TestALossThatRepeats(t *testing.T) {
	v, _ := compare(t, with("Q3", 7), with("Q3", 7.2), with("Q3", 6.9))
	require.Len(t, v.Failures, 1)
	said := v.Failures[0].Error()
	for _, want := range []string{"Q3 at 1M", "lost 28 % of its baseline 10 (class AVX2)", "measured 7, 7.2, 6.9", "profile it: look closely"} {
		require.Contains(t, said, want)
	}
	require.NotContains(t, said, "floor")
	require.Contains(t, guard.Advice, "-guard-update")
	require.Contains(t, guard.Advice, "never")

	v, _ = compare(t, with("H1", 1.5), with("H1", 1.4), with("H1", 1.6))
	require.Len(t, v.Failures, 1)
	require.Contains(t, v.Failures[0].Error(), "lost 29 % of its baseline <=1", "less is better: the best was 1.4")
}

func TestOnlyFailingRowsAreMeasuredAgain(t *testing.T) {
	two := with("Q3", 1)
	two[0].Ratio = 1
	v, r := compare(t, two, with("Q3", 1), with("Q3", 1))
	require.Equal(t, []guard.Key{{Row: "Q1", Size: "1M"}, {Row: "Q3", Size: "1M"}}, r.asked[0])
	require.Equal(t, []guard.Key{{Row: "Q3", Size: "1M"}}, r.asked[1])
	require.Len(t, v.Failures, 1)
	require.Equal(t, 2, v.Again)
}

func TestUnderTheFloor(t *testing.T) {
	under := func(ratio float64) []guard.Measured {
		ms := with("Q1", ratio)
		ms[0].Floor = goals.Bound{Value: 3.5}
		return ms
	}
	v, _ := compare(t, under(3.5))
	require.Empty(t, v.Failures)
	v, _ = compare(t, under(3.4), under(3.6))
	require.Empty(t, v.Failures)
	v, _ = compare(t, under(3.4), under(3.3), under(3.2))
	require.Len(t, v.Failures, 1, "within a quarter of the baseline all the same")
	require.Contains(t, v.Failures[0].Error(), "measured 3.4, 3.3, 3.2; under its floor 3.5")
}

func TestAClassWithoutABaselinePassesLoudly(t *testing.T) {
	first := with("Q1", 0.1)
	first[0].Floor = goals.Bound{Value: 1}
	v, err := parsed(t).Compare("AVX-512", every, first, nil)
	require.NoError(t, err)
	require.Empty(t, v.Failures)
	require.Len(t, v.Notes, 1)
	require.Contains(t, v.Notes[0], "NO BASELINE for processors of class AVX-512")
}

func TestARowWithoutABaseline(t *testing.T) {
	fresh := row("Q9", 1)
	v, _ := compare(t, append(good(), fresh))
	require.Empty(t, v.Failures)
	require.Equal(t, []string{"Q9 at 1M has no baseline yet; -guard-update takes one"}, v.Notes)

	fresh.Floor = goals.Bound{Value: 2}
	bad := []guard.Measured{fresh}
	v, _ = compare(t, append(good(), fresh), bad, bad)
	require.Len(t, v.Failures, 1, "its floor holds all the same")
	require.Contains(t, v.Failures[0].Error(), "Q9 at 1M: measured 1, 1, 1; under its floor 2")
}

func TestARowThatIsMissing(t *testing.T) {
	v, _ := compare(t, good()[1:])
	require.Len(t, v.Failures, 1)
	require.Contains(t, v.Failures[0].Error(), "Q1 at 1M has a baseline of 4 (AVX2) and is no longer in the report")

	v, err := parsed(t).Compare("AVX2", func(row string) bool { return row != "Q1" }, good()[1:], nil)
	require.NoError(t, err)
	require.Empty(t, v.Failures, "it was not asked for")

	absent := good()
	absent[0].Ratio, absent[0].Absent = 0, "no data"
	v, _ = compare(t, absent)
	require.Empty(t, v.Failures)
	require.Equal(t, []string{"Q1 at 1M was not measured: no data"}, v.Notes)
}

func TestWhatCannotBeCompared(t *testing.T) {
	turned := good()
	turned[0].AtMost = true
	_, err := parsed(t).Compare("AVX2", every, turned, nil)
	require.ErrorContains(t, err, "the sense of its ratio has turned")

	broken := errors.New("the table broke")
	_, err = parsed(t).Compare("AVX2", every, with("Q1", 1), func([]guard.Key) ([]guard.Measured, error) { return nil, broken })
	require.ErrorIs(t, err, broken)
	_, err = parsed(t).Compare("AVX2", every, with("Q1", 1), func([]guard.Key) ([]guard.Measured, error) { return nil, nil })
	require.ErrorContains(t, err, "Q1 at 1M was not measured again")
}
