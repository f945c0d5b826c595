package tagset_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

const (
	clients   = 8
	perClient = 50
)

// TestHistories lets clients act on one store at once, and porcupine look for an order in which each got what one client
// after the other would have got.
func TestHistories(t *testing.T) {
	for seed := range uint64(20) {
		runHistory(t, seed)
	}
}

// runHistory runs and checks one history; the seed also says on what kind of store. The seed gives what the clients do, not how
// they meet.
func runHistory(t *testing.T, seed uint64) {
	stage := newScene(t, seed)
	s := stage.store
	_, err := s.Update(func(tx *tagset.Tx) error {
		for _, name := range []string{"a", "b"} {
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		return errors.Join(tx.CreateAttribute("n", tagset.Int), tx.SetInt("n", 0, 0))
	})
	require.NoError(t, err)
	c := &crowd{store: s, flaky: stage.flaky != nil, began: time.Now(), tried: map[register]bool{}}
	first := readRegister(s.View())
	stage.begin(seed)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for id := range clients {
		wg.Go(func() {
			<-start
			c.act(t, id, rand.New(rand.NewPCG(seed, uint64(id))))
		})
	}
	close(start)
	wg.Wait()
	require.Len(t, c.done, clients*perClient)
	got := porcupine.CheckOperationsTimeout(linear(first), c.done, time.Minute)
	if got != porcupine.Ok {
		c.tell(t)
	}
	require.Equal(t, porcupine.Ok, got, "history of seed %d", seed)
	stage.end(t, c, first)
}

// A crowd is the clients of one store and what they did.
type crowd struct {
	store *tagset.Store
	flaky bool // its disk fails now and then
	began time.Time

	mu    sync.Mutex
	done  []porcupine.Operation
	tried map[register]bool // what Updates would have made
}

func (c *crowd) act(t *testing.T, id int, rng *rand.Rand) {
	var seen tagset.Version
	for range perClient {
		in := drawInput(rng, seen)
		if rng.IntN(4) == 0 {
			runtime.Gosched()
		}
		call := time.Since(c.began)
		out, err := c.do(in, rng)
		back := time.Since(c.began)
		if err != nil {
			t.Errorf("client %d: %+v: %v", id, in, err)
		}
		seen = max(seen, out.version, out.saw.version)
		c.mu.Lock()
		c.done = append(c.done, porcupine.Operation{ClientId: id, Input: in, Output: out, Call: int64(call), Return: int64(back)})
		c.mu.Unlock()
	}
}

func (c *crowd) try(r register) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried[r] = true
}

// tell prints the history, in the order of the calls.
func (c *crowd) tell(t *testing.T) {
	slices.SortFunc(c.done, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	for _, op := range c.done {
		t.Logf("client %d, %v to %v: %+v: %+v", op.ClientId, time.Duration(op.Call), time.Duration(op.Return), op.Input, op.Output)
	}
}

func drawInput(rng *rand.Rand, seen tagset.Version) input {
	in := input{toB: rng.IntN(2) == 0, mask: 1 << rng.IntN(16)}
	if rng.IntN(4) == 0 {
		in.mask = uint16(rng.Uint32())
	}
	in.action = [...]action{doLook, doLook, doLook, doLook, doLook, doInspect, doGive, doGive, doGive, doTake, doTake, doMove, doMove, doCount, doCount, doGiveUp, doPanic, doWait}[rng.IntN(18)]
	if in.action == doWait && seen > 0 {
		in.after = seen - 1
	}
	return in
}

// do runs an action. The error is what should not be.
func (c *crowd) do(in input, rng *rand.Rand) (out output, err error) {
	pause := rng.IntN(3) == 0
	switch in.action {
	case doLook:
		v := c.store.View()
		if pause {
			runtime.Gosched()
		}
		out.saw = readRegister(v)
		return out, nil
	case doWait:
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return out, c.store.Wait(ctx, in.after)
	}
	defer func() {
		if in.action != doPanic {
			return
		}
		if recover() == nil && err == nil && !out.failed {
			err = errors.New("it did not panic")
		}
		if c.flaky { // what it read may have been lost: there is no error to say so
			out = output{failed: true}
		}
	}()
	out.version, err = c.store.Update(func(tx *tagset.Tx) error {
		out.saw = readBefore(tx)
		c.try(in.apply(out.saw))
		if pause {
			runtime.Gosched()
		}
		if err := in.change(tx, out.saw); err != nil {
			return err
		}
		switch in.action {
		case doGiveUp:
			return errAbort
		case doPanic:
			panic(errAbort)
		}
		return nil
	})
	switch {
	case in.action == doGiveUp && errors.Is(err, errAbort):
		err = nil
	case unwritten(err):
		out, err = output{failed: true}, nil
	}
	return out, err
}

// change does to the transaction what apply does to the register.
func (in input) change(tx *tagset.Tx, saw register) error {
	from, to := "a", "b"
	here := saw.a
	if !in.toB {
		from, to, here = "b", "a", saw.b
	}
	ms := masked(in.mask)
	var err error
	switch in.action {
	case doGive:
		_, err = tx.Add(to, ms...)
	case doTake:
		_, err = tx.Remove(to, ms...)
	case doMove:
		ms = masked(in.mask & here)
		_, err = tx.Remove(from, ms...)
		if err == nil {
			_, err = tx.Add(to, ms...)
		}
	case doCount:
		err = tx.SetInt("n", 0, saw.n+1)
	case doGiveUp, doPanic:
		_, err = tx.Add(to, ms...)
		if err == nil {
			err = errors.Join(tx.SetInt("n", 0, saw.n+1), tx.DeleteTag(from))
		}
	}
	return err
}

func masked(mask uint16) (ms []tagset.Member) {
	for m := range tagset.Member(16) {
		if mask&(1<<m) != 0 {
			ms = append(ms, m)
		}
	}
	return ms
}

func readRegister(v *tagset.View) register {
	r := register{version: v.Version()}
	for name, to := range map[string]*uint16{"a": &r.a, "b": &r.b} {
		s, _ := v.Direct(name)
		for m := range s.All() {
			*to |= 1 << m
		}
	}
	r.n, _ = v.Int("n", 0)
	return r
}

// readBefore reads what the transaction stands on: its view counts as that version while nothing is changed.
func readBefore(tx *tagset.Tx) register { return readRegister(tx.View()) }

// TestLinearModel makes sure that the model can tell: a history with a lost update, a stale read, a read of what was given
// up, and a version out of order are none.
func TestLinearModel(t *testing.T) {
	counted := func(saw register) (input, output) {
		return input{action: doCount}, output{saw: saw, version: saw.version + 1}
	}
	check := func(ops ...any) porcupine.CheckResult {
		var done []porcupine.Operation
		for i := 0; i < len(ops); i += 2 {
			done = append(done, porcupine.Operation{ClientId: i / 2, Input: ops[i], Output: ops[i+1], Call: int64(10 * i), Return: int64(10*i + 5)})
		}
		return porcupine.CheckOperationsTimeout(linear(register{}), done, time.Minute)
	}
	one, got := counted(register{})
	two, again := counted(register{version: 1, n: 1})
	seen := func(r register) output { return output{saw: r} }
	require.Equal(t, porcupine.Ok, check(one, got, two, again, input{action: doLook}, seen(register{version: 2, n: 2})))
	require.Equal(t, porcupine.Illegal, check(one, got, one, got), "a lost update")
	require.Equal(t, porcupine.Illegal, check(one, got, input{action: doLook}, seen(register{})), "a stale read")
	require.Equal(t, porcupine.Illegal, check(input{action: doGiveUp}, seen(register{}), input{action: doLook}, seen(register{n: 1})))
	require.Equal(t, porcupine.Illegal, check(one, output{version: 2}), "a version is left out")
	require.Equal(t, porcupine.Ok, check(one, output{failed: true}, input{action: doLook}, seen(register{})))
	require.Equal(t, porcupine.Illegal, check(one, output{failed: true}, input{action: doLook}, seen(register{version: 1, n: 1})), "it failed, and is seen")
	require.Equal(t, porcupine.Illegal, check(input{action: doWait, after: 0}, output{}))
}
