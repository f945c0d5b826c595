package workload

import (
	"bytes"
	"fmt"

	"github.com/tagroar/tagroar/bench/measure"
	"github.com/tagroar/tagroar/bench/population"
	"github.com/tagroar/tagroar/tagset"
)

// D4 brings a replica, that stands at an early version, to its origin's, by so many changes of one add each. It is told in the time that
// as many Updates take in memory.
func replicaRow(commits int) Row {
	const tag = "会员/VIP"
	var start bytes.Buffer
	var origin, replica, plain *tagset.Store
	add := func(s *tagset.Store, n uint32) error {
		_, err := s.Update(func(tx *tagset.Tx) error { _, err := tx.Add(tag, tagset.Member(spread(n)%10_000_000)); return err })
		return err
	}
	fresh := func() *tagset.Store {
		s, err := tagset.Restore(bytes.NewReader(start.Bytes()), tagset.Config{})
		must(err)
		return s
	}
	catchUp := func() error {
		for c, err := range origin.Changes(replica.View().Version()) {
			if err != nil {
				return err
			}
			if err := replica.Apply(c); err != nil {
				return err
			}
		}
		return nil
	}
	row := Row{ID: "D4", Size: population.Size(commits), Title: "a replica catches up, in as many Updates in memory", Unit: true}
	row.Ours = measure.Side{Name: "tagroar", Setup: func() { replica = fresh() }, Run: func() { must(catchUp()) }}
	row.Rivals = []Rival{{Side: measure.Side{Name: "Update, in memory", Setup: func() { plain = fresh() }, Run: func() {
		for n := range uint32(commits) {
			must(add(plain, n))
		}
	}}}}
	row.Check = func() (err error) {
		if origin == nil {
			if origin, err = tagset.New(tagset.Config{History: commits}); err != nil {
				return err
			}
			if _, err = origin.Update(func(tx *tagset.Tx) error { _, err := tx.CreateTag(tagset.Tag{Name: tag}); return err }); err != nil {
				return err
			}
			if _, err = origin.View().WriteTo(&start); err != nil {
				return err
			}
			for n := range uint32(commits) {
				if err := add(origin, n); err != nil {
					return err
				}
			}
		}
		replica = fresh()
		if err := catchUp(); err != nil {
			return fmt.Errorf("D4: %w", err)
		}
		if replica.View().Digest() != origin.View().Digest() || replica.View().Version() != origin.View().Version() {
			return fmt.Errorf("D4: the replica is not what its origin is")
		}
		return nil
	}
	row.Close = func() { origin, replica, plain = nil, nil, nil; start.Reset() }
	return row
}
