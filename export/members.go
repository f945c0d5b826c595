package export

import (
	"fmt"
	"io"
	"iter"

	"github.com/tagroar/tagroar/tagset"
)

// Members writes one row for each member of ms, in the order in which they come,
// under the columns
//
//	member, key
//
// where member is the ordinal, and key the application key that src knows for it,
// empty if there is none. The sequence is usually that of a plan's Members.
//
// An error of the sequence, a cancelled context for instance, ends the export: the
// rows before it are written, and the error is returned. An error of w ends the
// sequence.
func Members(w io.Writer, src Source, ms iter.Seq2[tagset.Member, error], o CSVOptions) error {
	c := newCSVWriter(w, o)
	if err := c.header("member", "key"); err != nil {
		return fmt.Errorf("export: members: %w", err)
	}
	for m, err := range ms {
		if err != nil {
			c.flush() // the sequence's error comes first
			return fmt.Errorf("export: members: %w", err)
		}
		key, _ := src.Key(m)
		c.number(int64(m))
		c.text(key)
		if err := c.row(); err != nil {
			return fmt.Errorf("export: members: %w", err)
		}
	}
	if err := c.flush(); err != nil {
		return fmt.Errorf("export: members: %w", err)
	}
	return nil
}
