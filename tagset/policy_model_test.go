package tagset_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tagroar/tagroar/internal/oracle"
	"github.com/tagroar/tagroar/tagset"
)

// drawPolicy draws limits so low that verbs meet them.
func drawPolicy(t *rapid.T) oracle.Policy {
	limit := func(name string, most int) int {
		return max(0, rapid.IntRange(-most, most).Draw(t, name))
	}
	return oracle.Policy{
		MaxTags: limit("tags", 8), MaxTopLevel: limit("top", 4), MaxLevels: limit("levels", 3), MaxNameRunes: limit("runes", 4),
		MaxTagsPerMember: limit("per member", 3), MaxBatch: limit("batch", 6), WarnMembers: limit("warn", 5),
		StrictNames: rapid.IntRange(0, 3).Draw(t, "strict") == 0,
	}
}

// judged is one transaction of an engine beside an oracle with a policy.
type judged struct {
	tx     *tagset.Tx
	want   *oracle.Store
	policy oracle.Policy
}

// verb does the same to both; a call about more than MaxBatch members is refused as well.
func (j *judged) verb(t *rapid.T, batch int, naive func(*oracle.Store) error, engine func() error) {
	after := j.want.Clone()
	wantErr := naive(after)
	tooMany := j.policy.MaxBatch > 0 && batch > j.policy.MaxBatch
	refused := tooMany || wantErr == nil && j.policy.RefusesVerb(j.want, after)
	look := rapid.Bool().Draw(t, "look")
	var before [32]byte
	if look {
		before = j.tx.View().Digest()
	}
	err := engine()
	if wantErr == nil && !refused {
		require.NoError(t, err)
		j.want = after
		return
	}
	require.Error(t, err)
	if errors.Is(err, tagset.ErrPolicy) {
		require.True(t, refused, "%v", err)
		var p *tagset.PolicyError
		require.ErrorAs(t, err, &p)
		require.Greater(t, p.Have, p.Max)
	} else {
		sameError(t, wantErr, err)
	}
	if look {
		require.Equal(t, before, j.tx.View().Digest(), "a verb that is refused changes nothing")
	}
}

// judgedLevels has names that are alike, mixed, long and not strict.
var judgedLevels = []string{"地域", "vip", "VIP", "V\u0406P", "a", "b c", "会员等级卡", "A"}

// draw does one verb.
func (j *judged) draw(t *rapid.T) {
	count := func(n int, err error) error { return err }
	fresh := func() string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(judgedLevels), 1, 4).Draw(t, "levels"), "/")
	}
	name := func() string {
		if paths := j.want.Paths(); len(paths) > 0 {
			return rapid.SampledFrom(paths).Draw(t, "tag")
		}
		return fresh()
	}
	ms := func() []uint32 {
		return rapid.SliceOfN(rapid.Uint32Range(0, 9), 0, 8).Draw(t, "members")
	}
	distinct := func(ms []uint32) []uint32 {
		return slices.Compact(slices.Sorted(slices.Values(ms)))
	}
	switch rapid.SampledFrom([]string{"create", "create", "rename", "merge", "archive", "archive", "delete", "add", "add", "add", "remove",
		"add set", "replace set", "remove set", "pairs", "forget", "policy"}).Draw(t, "verb") {
	case "create":
		path, archived := fresh(), rapid.IntRange(0, 3).Draw(t, "archived") == 0
		j.verb(t, 0, func(w *oracle.Store) error {
			_, err := w.CreateTag(path, oracle.Def{Archived: archived})
			return err
		}, func() error {
			_, err := j.tx.CreateTag(tagset.Tag{Name: path, Archived: archived})
			return err
		})
	case "rename":
		from, to := name(), fresh()
		j.verb(t, 0, func(w *oracle.Store) error { return w.RenameTag(from, to) }, func() error { return j.tx.RenameTag(from, to) })
	case "merge":
		from, into := name(), name()
		j.verb(t, 0, func(w *oracle.Store) error { return w.MergeTag(from, into) }, func() error { return j.tx.MergeTag(from, into) })
	case "archive":
		path, archived := name(), rapid.Bool().Draw(t, "archived")
		j.verb(t, 0, func(w *oracle.Store) error { return w.EditTag(path, oracle.Def{Archived: archived}) },
			func() error { return j.tx.EditTag(path, func(t *tagset.Tag) { t.Archived = archived }) })
	case "delete":
		path := name()
		j.verb(t, 0, func(w *oracle.Store) error { return w.DeleteTree(path) }, func() error { return j.tx.DeleteTree(path) })
	case "add":
		path, ms := name(), ms()
		j.verb(t, len(distinct(ms)), func(w *oracle.Store) error { return count(w.Add(path, ms...)) },
			func() error { return count(j.tx.Add(path, members(ms)...)) })
	case "remove":
		path, ms := name(), ms()
		j.verb(t, len(distinct(ms)), func(w *oracle.Store) error { return count(w.Remove(path, ms...)) },
			func() error { return count(j.tx.Remove(path, members(ms)...)) })
	case "add set":
		path, ms := name(), distinct(ms())
		j.verb(t, len(ms), func(w *oracle.Store) error { return count(w.Add(path, ms...)) },
			func() error { return count(j.tx.AddSet(path, setOf(ms))) })
	case "replace set":
		path, ms := name(), distinct(ms())
		j.verb(t, len(ms), func(w *oracle.Store) error { return count(w.Add(path, ms...)) },
			func() error { return count(j.tx.ReplaceSet(path, setOf(ms))) })
	case "remove set":
		path, ms := name(), distinct(ms())
		j.verb(t, len(ms), func(w *oracle.Store) error { return count(w.Remove(path, ms...)) },
			func() error { return count(j.tx.RemoveSet(path, setOf(ms))) })
	case "pairs":
		ms, ids, tags := ms(), []uint32{}, []tagset.TagID{}
		if len(j.want.Tags) == 0 {
			return
		}
		for range ms {
			id := j.want.Tags[rapid.SampledFrom(j.want.Paths()).Draw(t, "tag")].ID
			ids, tags = append(ids, id), append(tags, tagset.TagID(id))
		}
		j.verb(t, len(distinct(ms)), func(w *oracle.Store) error { return count(w.AddPairs(ids, ms)) },
			func() error { return count(j.tx.AddPairs(tags, members(ms))) })
	case "forget":
		ms := ms()
		j.verb(t, 0, func(w *oracle.Store) error { w.Forget(ms...); return nil }, func() error { return j.tx.Forget(members(ms)...) })
	case "policy":
		if rapid.IntRange(0, 2).Draw(t, "really") == 0 {
			j.policy = drawPolicy(t)
			require.NoError(t, j.tx.SetPolicy(tagset.Policy(j.policy)))
		}
	}
}

// TestPolicyModel drives verbs under low limits and compares what is refused, by the verbs and at the end, with naive counting.
func TestPolicyModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, want, now := drawPolicy(t), oracle.New(), time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
		s, err := tagset.New(tagset.Config{History: 1, Policy: tagset.Policy(policy), Clock: func() time.Time { return now }})
		require.NoError(t, err)
		want.Now = now.UnixNano()
		twin := newTwin(t, s)
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			var j *judged
			before := s.View()
			_, err := s.Update(func(tx *tagset.Tx) error {
				j = &judged{tx, want.Clone(), policy}
				for range rapid.IntRange(0, 8).Draw(t, "verbs") {
					j.draw(t)
				}
				require.Equal(t, wantWarnings(want, j.want, j.policy), tx.Warnings())
				return nil
			})
			if j.policy.RefusesCommit(want, j.want) {
				require.ErrorIs(t, err, tagset.ErrPolicy)
				var e *tagset.Error
				require.ErrorAs(t, err, &e)
				alone := want.Clone() // the member named is one of those that stand in the way
				alone.Live = map[uint32]bool{uint32(e.Member): true}
				after := j.want.Clone()
				after.Live = alone.Live
				require.True(t, j.policy.RefusesCommit(alone, after))
				require.NotNil(t, j.want.Tags[e.Tag].Members[uint32(e.Member)])
				require.Equal(t, before.Digest(), s.View().Digest())
				require.Equal(t, before.Version(), s.View().Version())
			} else {
				require.NoError(t, err)
				j.want.Version, j.want.Changed = uint64(s.View().Version()), false
				want, policy = j.want, j.policy
			}
			require.NoError(t, s.Check())
			require.Equal(t, tagset.Policy(policy), s.View().Policy())
			sameState(t, want, s.View())
			sameViolations(t, policy.Violations(want), s.Violations())
			twin.follow(t)
		}
		twin.end(t)
	})
}

func sameViolations(t require.TestingT, want []oracle.Violation, got []tagset.Violation) {
	list := []oracle.Violation(nil)
	for _, v := range got {
		list = append(list, oracle.Violation{Limit: v.Limit, Tag: v.Tag, Have: v.Have, Max: v.Max, Soft: v.Soft, Members: ids(v.Members)})
	}
	require.Equal(t, want, list)
}
