package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tagroar/tagroar/tagset"
)

// limits shows what the policy refuses: each call changes nothing, and says which
// limit it would pass.
func (t *tour) limits(context.Context) error {
	t.Heading("Limits", "WeCom's own, and the house's: at most 1,000 customers a call, a word past 6,000 in a tag")
	err := t.update(func(tx *tagset.Tx) error {
		p := tx.View().Policy()
		p.MaxBatch, p.WarnMembers = 1000, 6000
		return tx.SetPolicy(p)
	})
	if err != nil {
		return err
	}
	before := t.store.View()
	var many []tagset.Member
	for m := range before.Members().All() {
		if many = append(many, m); len(many) == 1200 {
			break
		}
	}
	for _, c := range []struct {
		what   string
		limit  string
		change func(tx *tagset.Tx) error
	}{
		{"a name of 31 characters", "MaxNameRunes", func(tx *tagset.Tx) error {
			_, err := tx.CreateTag(tagset.Tag{Name: "活动/" + strings.Repeat("长", 31)})
			return err
		}},
		{"1,200 customers in a call", "MaxBatch", func(tx *tagset.Tx) error {
			_, err := tx.Add("活动/618到店", many...)
			return err
		}},
		{"the streets, as a fourth level: 41,352", "MaxTags", func(tx *tagset.Tx) error {
			for i := range 41_352 {
				if _, err := tx.CreateTag(tagset.Tag{Name: fmt.Sprintf("地域/街道/%05d", i+1)}); err != nil {
					return err
				}
			}
			return nil
		}},
	} {
		err := t.update(c.change)
		var refused *tagset.PolicyError
		if !errors.As(err, &refused) || refused.Limit != c.limit {
			return fmt.Errorf("%s: %v", c.what, err)
		}
		t.Line("%s", c.what)
		t.Block("  " + err.Error())
	}
	if after := t.store.View(); after.Version() != before.Version() || after.Digest() != before.Digest() {
		return fmt.Errorf("a refused call has changed the store")
	}
	t.Line("nothing of it is there: version %d before and after, the same digest %s", before.Version(), t.tick())
	t.Line("")
	return t.warnings()
}

// warnings come without a refusal. The transaction is thrown away.
func (t *tour) warnings() error {
	t.Line("and what is let through with a word:")
	thrownAway := errors.New("thrown away")
	err := t.update(func(tx *tagset.Tx) error {
		for _, name := range []string{"VIP客户", "vip客户", "Ноmе装修"} { // the last in Cyrillic, but for one letter
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
		}
		for _, w := range tx.Warnings() {
			t.Block("  " + w.String())
		}
		return thrownAway
	})
	if !errors.Is(err, thrownAway) {
		return err
	}
	for _, broken := range t.store.Violations() {
		t.Block("  " + broken.String())
	}
	return nil
}
