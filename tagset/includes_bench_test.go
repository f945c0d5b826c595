package tagset_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// regions returns a store with a million members for each ten of the 1,000 tags
// whose union 全国 is: sub-tags, or included, or sub-tags of sub-tags. Members
// carry one of the tags; spread tells whether those of a tag lie all over.
func regions(b *testing.B, how string, members int, spread bool) *tagset.Store {
	const tags = 1000
	s, err := tagset.New(tagset.Config{})
	require.NoError(b, err)
	_, err = s.Update(func(tx *tagset.Tx) error {
		var includes []string
		for i := range tags {
			name := fmt.Sprintf("全国/区%03d", i)
			switch how {
			case "included":
				name = fmt.Sprintf("区%03d", i)
				includes = append(includes, name)
			case "chain":
				name = fmt.Sprintf("全国/省%02d/区%03d", i/32, i)
			}
			if _, err := tx.CreateTag(tagset.Tag{Name: name}); err != nil {
				return err
			}
			ms := make([]tagset.Member, 0, members/tags)
			for j := range members / tags {
				if spread {
					ms = append(ms, tagset.Member((j*tags+(i+j*7919)%tags)%members))
				} else {
					ms = append(ms, tagset.Member(i*(members/tags)+j))
				}
			}
			if _, err := tx.AddSet(name, tagset.SetOf(ms...)); err != nil {
				return err
			}
		}
		if how == "included" {
			_, err := tx.CreateTag(tagset.Tag{Name: "全国", Includes: includes})
			return err
		}
		return nil
	})
	require.NoError(b, err)
	return s
}

// What the next read of 全国 costs after a commit that changed a member of one
// of the 1,000 tags below: "whole" makes all of the union, as the first read
// does; the others bring it up. The commits themselves are not timed.
func BenchmarkReadAfterCommit(b *testing.B) {
	for _, how := range []string{"sub-tags", "included", "chain"} {
		for _, spread := range []bool{true, false} {
			s := regions(b, how, 10_000_000, spread)
			name := "全国/区500"
			switch how {
			case "included":
				name = "区500"
			case "chain":
				name = "全国/省15/区500"
			}
			label := fmt.Sprintf("%s/spread=%t/", how, spread)
			run := func(verb string, change func(tx *tagset.Tx, m tagset.Member) error) {
				b.Run(label+verb, func(b *testing.B) {
					m := tagset.Member(0)
					for b.Loop() {
						b.StopTimer()
						m = (m + 7919) % 10_000_000
						_, err := s.Update(func(tx *tagset.Tx) error { return change(tx, m) })
						if err != nil {
							b.Fatal(err)
						}
						v := s.View()
						b.StartTimer()
						v.Set("全国")
					}
				})
			}
			s.View().Set("全国")
			leave := func(tx *tagset.Tx, m tagset.Member) error {
				own, _ := tx.View().Direct(name)
				m, _ = own.Select(int(m) % own.Len())
				_, err := tx.Remove(name, m)
				return err
			}
			run("left, nobody has two", leave)
			run("came", func(tx *tagset.Tx, m tagset.Member) error { // to a second tag
				_, err := tx.Add(name, m)
				return err
			})
			run("left, some have two", leave)
			run("whole", func(tx *tagset.Tx, m tagset.Member) error {
				// To move a tag away and back with its members, the union begins anew.
				if err := tx.RenameTag(name, "x"); err != nil {
					return err
				}
				if err := tx.RenameTag("x", name); err != nil {
					return err
				}
				if how != "included" {
					return nil
				}
				return tx.EditTag("全国", func(tag *tagset.Tag) {
					tag.Includes = append(tag.Includes[1:], tag.Includes[0])
				})
			})
		}
	}
}

// What a commit costs that changes a member of a tag that 1,000 others include,
// and of a tag with 64 above it.
func BenchmarkCommitBelow(b *testing.B) {
	for _, c := range []struct {
		name  string
		above int
		chain bool
	}{{"top level", 0, false}, {"1 parent", 1, true}, {"64 in a row", 64, true}, {"1000 in a row", 1000, true}, {"1000 includers", 1000, false}} {
		b.Run(c.name, func(b *testing.B) {
			s, err := tagset.New(tagset.Config{})
			require.NoError(b, err)
			_, err = s.Update(func(tx *tagset.Tx) error {
				if _, err := tx.CreateTag(tagset.Tag{Name: "t"}); err != nil {
					return err
				}
				last := "t"
				for i := range c.above {
					name := fmt.Sprintf("上%d", i)
					if _, err := tx.CreateTag(tagset.Tag{Name: name, Includes: []string{last}}); err != nil {
						return err
					}
					if c.chain {
						last = name
					}
				}
				_, err := tx.Add("t", 1_000_000)
				return err
			})
			require.NoError(b, err)
			for tag := range s.View().Tags() {
				s.View().Set(tag.Name)
			}
			b.ReportAllocs()
			m := tagset.Member(0)
			for b.Loop() {
				m = (m + 7919) % 1_000_000
				_, err := s.Update(func(tx *tagset.Tx) error {
					_, err := tx.Add("t", m)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
