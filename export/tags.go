package export

import (
	"fmt"
	"io"
)

// Tags writes one row for each tag of src, in the order of src.Tags (by name,
// level by level), under the columns
//
//	name, kind, weight, owner, created, modified, modified_by, direct, members
//
// direct counts the members that carry the tag themselves, members those that
// carry it or anything it takes in. Times are RFC 3339 in UTC. The cost is that of
// each tag's effective set, which a view computes once and keeps.
func Tags(w io.Writer, src Source, o CSVOptions) error {
	c := newCSVWriter(w, o)
	if err := c.header("name", "kind", "weight", "owner", "created", "modified", "modified_by", "direct", "members"); err != nil {
		return fmt.Errorf("export: tags: %w", err)
	}
	for t := range src.Tags() {
		direct, _ := src.Direct(t.Name) // a source gives sets for the tags it lists
		members, _ := src.Set(t.Name)
		c.text(t.Name)
		c.text(t.Kind.String())
		c.number(int64(t.Weight))
		c.text(t.Owner)
		c.time(t.Created)
		c.time(t.Modified)
		c.text(t.ModifiedBy)
		c.number(int64(direct.Len()))
		c.number(int64(members.Len()))
		if err := c.row(); err != nil {
			return fmt.Errorf("export: tags: %w", err)
		}
	}
	if err := c.flush(); err != nil {
		return fmt.Errorf("export: tags: %w", err)
	}
	return nil
}
