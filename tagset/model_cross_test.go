package tagset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
	"pgregory.net/rapid"
)

// TestModelCross drives includes, groups, composites, sources and policies all at once, beside the oracle. Each has a model
// of its own as well; this one is about what they do to each other.
func TestModelCross(t *testing.T) {
	t.Parallel()
	rapid.Check(t, battery.Serial(battery.Quarter(crossRun)))
}

func crossRun(t *rapid.T) {
	m := newMachine(t, drawCrossVerb(rapid.IntRange(0, 2).Draw(t, "limits") == 0))
	if rapid.IntRange(0, 4).Draw(t, "empty") > 0 {
		m.found(t)
	}
	m.run(t)
}

// found begins with a group, values that overlap, includes and times, so that histories need not be long.
func (m *machine) found(t *rapid.T) {
	w := m.want
	_, err := m.store.Update(func(tx *tagset.Tx) error {
		w.Now = m.now.UnixNano()
		create := func(name string, d oracle.Def, includes []string, ms ...uint32) {
			_, err := w.CreateTag(name, d, includes...)
			require.NoError(t, err)
			_, err = tx.CreateTag(tagFrom(name, d, includes))
			require.NoError(t, err)
			w.Source = rapid.SampledFrom(crossSources).Draw(t, "source")
			_, err = w.Add(name, ms...)
			require.NoError(t, err)
			_, err = tx.From(w.Source).Add(name, members(ms)...)
			require.NoError(t, err)
		}
		create("地域", oracle.Def{Exclusive: true}, nil, 7)
		create("地域/华东", oracle.Def{Exclusive: true}, nil)
		create("地域/华东/a", oracle.Def{KeepTimes: true, TimeStep: int64(time.Hour)}, nil, 1, 2, 65_536)
		create("地域/华东/A", oracle.Def{}, nil, 3)
		create("地域/会员", oracle.Def{}, nil, 4, 5)
		create("会员", oracle.Def{}, nil)
		create("会员/a", oracle.Def{KeepTimes: true}, nil, 1, 3, 5)
		create("会员/A", oracle.Def{Archived: true}, nil, 1, 2, 3, 65_535)
		create("a", oracle.Def{}, []string{"地域/华东", "会员/A"}, 6)
		for name, typ := range map[string]tagset.AttributeType{"n": tagset.Int, "t": tagset.Time} {
			require.NoError(t, w.CreateAttribute(name, uint8(typ)))
			require.NoError(t, tx.CreateAttribute(name, typ))
		}
		w.Source = "" // as long as no verb says otherwise
		return nil
	})
	require.NoError(t, err)
	w.Commit()
	m.trail = append(m.trail, m.keep())
}
