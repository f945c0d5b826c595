package tagset_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// arena is a store under stress: one writer, readers of every kind. The writer keeps three promises that a reader would
// see broken if it ever saw half a transaction: 左 and 右 share nobody, together they are the same number of members, and
// a key names a member that names the key.
type arena struct {
	store   *tagset.Store
	sides   int // |左 ∪ 右|
	escaped chan *tagset.View
	commits atomic.Int64
	reads   atomic.Int64
}

const stressKeys = 2000

func newArena(t *testing.T, seed uint64) *arena {
	s := openArena(t, seed)
	a := &arena{store: s, sides: 120_000, escaped: make(chan *tagset.View, 64)}
	_, err := s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"左", "右", "区/东", "区/西", "临时", "会员"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name, KeepTimes: name == "会员", TimeStep: time.Second}); err != nil {
				return err
			}
		}
		for _, name := range []string{"余额", "已付"} {
			if err := tx.CreateAttribute(name, tagset.Int); err != nil {
				return err
			}
		}
		var ms []tagset.Member
		for m := range a.sides {
			ms = append(ms, tagset.Member(m))
		}
		_, err := tx.Add("左", ms...)
		return err
	})
	require.NoError(t, err)
	return a
}

// TestRaceStress is for the race detector: go test -race. With CI set it is given the half minute of the battery.
func TestRaceStress(t *testing.T) {
	long := time.Second
	if battery.Raced && os.Getenv("CI") != "" {
		long = 15 * time.Second
	}
	for seed := range uint64(2) {
		newArena(t, seed).stress(t, seed, long)
	}
}

// stress lets sixteen readers, a writer and what else uses a store at it for a while.
func (a *arena) stress(t *testing.T, seed uint64, long time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	var wg sync.WaitGroup
	run := func(name string, stream uint64, step func(context.Context, *rand.Rand) error) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, stream))
			for ctx.Err() == nil {
				if err := step(ctx, rng); err != nil {
					t.Errorf("seed %d: %s: %v", seed, name, err)
					cancel()
					return
				}
			}
		})
	}
	run("writer", 1, a.write)
	for i := range uint64(3) {
		run("query", 10+i, a.reader(a.query))
		run("iterate", 20+i, a.reader(a.iterate))
		run("keys", 40+i, a.reader(a.keys))
	}
	shared, err := newSharedPlan(a.store.View())
	require.NoError(t, err)
	run("shared plan", 25, shared.ask)
	run("shared plan", 26, shared.ask)
	run("snapshot", 30, a.reader(a.snapshot))
	run("values", 45, a.reader(a.values))
	run("check", 50, a.reader(a.check))
	run("wait", 60, a.wait)
	run("escaped", 70, a.readEscaped)
	run("feed", 80, (&follower{arena: a}).follow)
	if seed%2 == 1 {
		run("maintenance", 90, a.maintain)
	}
	wg.Wait()
	require.NoError(t, a.store.Check())
	require.Positive(t, a.reads.Load())
	require.Positive(t, a.commits.Load())
	t.Logf("%d commits, %d views read", a.commits.Load(), a.reads.Load())
	require.NoError(t, a.store.Close())
}

var errStress = errors.New("the application gives up")

// write runs one transaction of mixed verbs; some give up after having changed everything.
func (a *arena) write(_ context.Context, rng *rand.Rand) error {
	abort := rng.IntN(5) == 0
	_, err := a.store.Update(func(tx *tagset.Tx) error {
		for range 1 + rng.IntN(4) {
			if err := a.mixed(tx, rng); err != nil {
				return err
			}
			if rng.IntN(8) == 0 {
				select {
				case a.escaped <- tx.View():
				default:
				}
			}
		}
		if abort {
			return errStress
		}
		return nil
	})
	if abort && errors.Is(err, errStress) {
		err = nil
	}
	a.commits.Add(1)
	return err
}

func (a *arena) mixed(tx *tagset.Tx, rng *rand.Rand) error {
	from, to := "左", "右"
	if rng.IntN(2) == 0 {
		from, to = to, from
	}
	switch rng.IntN(10) {
	case 8, 9:
		return a.pay(tx, rng)
	case 0, 1: // a few members change sides
		var ms []tagset.Member
		for range 1 + rng.IntN(50) {
			ms = append(ms, tagset.Member(rng.IntN(a.sides)))
		}
		return move(tx, from, to, tagset.SetOf(ms...))
	case 2: // a range of them
		first, ms := rng.IntN(a.sides), []tagset.Member(nil)
		for m := first; m < min(a.sides, first+5000); m++ {
			ms = append(ms, tagset.Member(m))
		}
		return move(tx, from, to, tagset.SetOf(ms...))
	case 3:
		keys := make([]string, 1+rng.IntN(20))
		for i := range keys {
			keys[i] = stressKey(rng.IntN(stressKeys))
		}
		ms, err := tx.Intern(keys...)
		if err == nil {
			_, err = tx.Add("会员", ms...)
		}
		return err
	case 4: // forget somebody with a key
		if m, ok := tx.View().Lookup(stressKey(rng.IntN(stressKeys))); ok {
			return tx.Forget(m)
		}
		return nil
	case 5:
		name := fmt.Sprintf("临时/%d", rng.IntN(20))
		if _, err := tx.CreateTag(tagset.Tag{Name: name}); errors.Is(err, tagset.ErrTagExists) {
			return tx.DeleteTag(name)
		} else if err != nil {
			return err
		}
		_, err := tx.Add(name, tagset.Member(rng.IntN(a.sides)))
		return err
	case 6: // two tags change names
		for _, step := range [][2]string{{"区/东", "区/换"}, {"区/西", "区/东"}, {"区/换", "区/西"}} {
			if err := tx.RenameTag(step[0], step[1]); err != nil {
				return err
			}
		}
		return nil
	}
	_, err := tx.Add([]string{"区/东", "区/西"}[rng.IntN(2)], tagset.Member(rng.IntN(a.sides)))
	return err
}

func stressKey(i int) string { return fmt.Sprintf("openid-%06d", i) }

// move takes members of s from one tag to the other.
func move(tx *tagset.Tx, from, to string, s tagset.Set) error {
	have, _ := tx.View().Direct(from)
	s = s.And(have)
	if _, err := tx.RemoveSet(from, s); err != nil {
		return err
	}
	_, err := tx.AddSet(to, s)
	return err
}

// reader takes a view, notes its digest, reads, and sees whether the view is still what it was.
func (a *arena) reader(read func(*tagset.View, *rand.Rand) error) func(context.Context, *rand.Rand) error {
	return func(_ context.Context, rng *rand.Rand) error {
		v := a.store.View()
		before := v.Digest()
		if err := read(v, rng); err != nil {
			return fmt.Errorf("version %d: %w", v.Version(), err)
		}
		a.reads.Add(1)
		if v.Digest() != before {
			return fmt.Errorf("the view of version %d has changed", v.Version())
		}
		return nil
	}
}

func (a *arena) query(v *tagset.View, rng *rand.Rand) error {
	ctx := context.Background()
	for text, want := range map[string]int{
		"左 & 右": 0, "左 | 右": a.sides, "atleast(2, 左, 右, nobody)": 0, "左 ⊕ 右": a.sides,
		"(左 | 右) - everyone": 0, "区 - (only(区/东) | 区/西 | only(区))": 0,
	} {
		n, err := query.Count(ctx, v, text)
		if err != nil {
			return err
		}
		if n != want {
			return fmt.Errorf("%s: %d, want %d", text, n, want)
		}
	}
	p, err := query.MustParse("左 - 区 | 会员").Compile(v, nil)
	if err != nil {
		return err
	}
	s, err := p.Set(ctx)
	if err != nil {
		return err
	}
	n, err := p.Count(ctx)
	if err != nil || n != s.Len() {
		return fmt.Errorf("count %d, set %d, %w", n, s.Len(), err)
	}
	if m, ok := s.Select(rng.IntN(max(1, n))); ok && !p.Contains(m) {
		return fmt.Errorf("%d is in the set and not contained", m)
	}
	return nil
}

func (a *arena) iterate(v *tagset.View, _ *rand.Rand) error {
	tags := 0
	for tag := range v.Tags() {
		tags++
		s, ok := v.Set(tag.Name)
		if !ok {
			return fmt.Errorf("tag %s has no set", tag.Name)
		}
		n := 0
		for range s.All() {
			n++
		}
		if n != s.Len() {
			return fmt.Errorf("%s: %d members, length %d", tag.Name, n, s.Len())
		}
	}
	if tags < 6 {
		return fmt.Errorf("%d tags", tags)
	}
	n := 0
	for m, err := range mustPlan(v, "左 | 右").Members(context.Background()) {
		if err != nil || int(m) != n {
			return fmt.Errorf("member %d at %d: %w", m, n, err)
		}
		if n++; n == 2000 {
			break
		}
	}
	return nil
}

func mustPlan(v *tagset.View, text string) *query.Plan {
	p, err := query.MustParse(text).Compile(v, nil)
	if err != nil {
		panic(err)
	}
	return p
}

// sharedPlan is one plan that several goroutines ask at once; its view is as old as the store.
type sharedPlan struct {
	plan *query.Plan
	want tagset.Set
}

func newSharedPlan(v *tagset.View) (*sharedPlan, error) {
	p, err := query.MustParse("atleast(2, 左, 右, everyone - 区, 左 ⊕ 会员) LIMIT 60000 OFFSET 1000").Compile(v, nil)
	if err != nil {
		return nil, err
	}
	s, err := p.Set(context.Background())
	return &sharedPlan{p, s}, err
}

func (s *sharedPlan) ask(ctx context.Context, rng *rand.Rand) error {
	n, err := s.plan.Count(context.Background())
	if err != nil || n != s.want.Len() {
		return fmt.Errorf("count %d, want %d: %w", n, s.want.Len(), err)
	}
	got, err := s.plan.Set(context.Background())
	if err != nil || !got.Equal(s.want) {
		return fmt.Errorf("another set: %w", err)
	}
	i, stop := 0, 1+rng.IntN(n)
	for m, err := range s.plan.Members(context.Background()) {
		if want, _ := s.want.Select(i); err != nil || m != want || !s.plan.Contains(m) {
			return fmt.Errorf("member %d at %d, want %d: %w", m, i, want, err)
		}
		if i++; i == stop || ctx.Err() != nil {
			break
		}
	}
	_, err = s.plan.Analyze(context.Background())
	return err
}

func (a *arena) snapshot(v *tagset.View, rng *rand.Rand) error {
	if rng.IntN(3) > 0 {
		_, err := v.WriteTo(io.Discard)
		return err
	}
	var b bytes.Buffer
	if _, err := v.WriteTo(&b); err != nil {
		return err
	}
	s, err := tagset.Restore(&b, tagset.Config{})
	if err != nil {
		return err
	}
	if s.View().Digest() != v.Digest() {
		return errors.New("restored to something else")
	}
	return s.Check()
}

func (a *arena) keys(v *tagset.View, rng *rand.Rand) error {
	live := v.Members()
	for range 500 {
		k := stressKey(rng.IntN(stressKeys))
		m, ok := v.Lookup(k)
		if !ok {
			continue
		}
		if back, ok := v.Key(m); !ok || back != k {
			return fmt.Errorf("key %s is member %d, whose key is %q", k, m, back)
		}
		if !live.Contains(m) {
			return fmt.Errorf("key %s is member %d, who is not live", k, m)
		}
	}
	return nil
}

func (a *arena) check(*tagset.View, *rand.Rand) error { return a.store.Check() }

func (a *arena) wait(ctx context.Context, _ *rand.Rand) error {
	after := a.store.View().Version()
	if err := a.store.Wait(ctx, after); err != nil {
		if errors.Is(err, ctx.Err()) {
			return nil
		}
		return err
	}
	if now := a.store.View().Version(); now <= after {
		return fmt.Errorf("waited for a version past %d and got %d", after, now)
	}
	v, err := a.store.At(after + 1)
	if err != nil {
		if errors.Is(err, tagset.ErrVersionGone) {
			return nil
		}
		return err
	}
	_, err = v.WriteTo(io.Discard)
	return err
}

// readEscaped reads views of transactions that have not ended yet, or never will.
func (a *arena) readEscaped(ctx context.Context, rng *rand.Rand) error {
	select {
	case <-ctx.Done():
		return nil
	case v := <-a.escaped:
		before := v.Digest()
		if err := errors.Join(a.query(v, rng), a.keys(v, rng), a.iterate(v, rng), a.values(v, rng)); err != nil {
			return err
		}
		a.reads.Add(1)
		if v.Digest() != before {
			return errors.New("a view from inside a transaction has changed")
		}
		return nil
	}
}
