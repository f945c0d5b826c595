package engine

import (
	"context"
	"runtime/debug"

	"github.com/tagroar/tagroar/bench/table"
	"github.com/tagroar/tagroar/bench/workload"
	"github.com/tagroar/tagroar/tagset"
)

// ours is a store in memory, used through the public API.
type ours struct {
	store *tagset.Store
	tags  []string
}

func openTagroar(context.Context) (Engine, error) { return &ours{}, nil }

func (e *ours) Version() string { return "this tree" }

// Load makes the store in one transaction: every member live, whether or not it has a tag, and the tags with owner and note.
func (e *ours) Load(_ context.Context, p *Population) (err error) {
	e.tags = p.Tags
	e.store, err = table.NewStore(p.Tags, func(tx *tagset.Tx) error { return table.Enroll(tx, p.Size) },
		func(i int) tagset.Set {
			ms := make([]tagset.Member, len(p.Members[i]))
			for k, m := range p.Members[i] {
				ms[k] = tagset.Member(m)
			}
			return tagset.SetOf(ms...)
		})
	return err
}

func (e *ours) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	plan, err := workload.Compile(e.store.View(), q.Text(e.tags))
	if err != nil {
		return nil, err
	}
	if !q.Ranks() {
		return []Way{{"Plan.Count", func(ctx context.Context) (Answer, error) {
			n, err := plan.Count(ctx)
			return Answer{Count: n}, err
		}}}, nil
	}
	return []Way{{"Plan.Top", func(ctx context.Context) (Answer, error) {
		first, err := plan.Top(ctx, q.Limit)
		a := Answer{First: make([]workload.Ranked, len(first))}
		for i, r := range first {
			a.First[i] = workload.Ranked{Member: uint32(r.Member), Score: r.Score}
		}
		return a, err
	}}}, nil
}

func (e *ours) Close() error { return nil }

// moduleVersion is that of a module in this build.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of unknown version"
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return "of unknown version"
}
