// Package export writes what a store holds for other programs and for people to
// read: tags and members as CSV that spreadsheets open as it was meant.
//
// Rows are written as they come: nothing here holds a whole result. Cells that a
// spreadsheet would take for a formula are made harmless; see [CSVOptions].
package export

import (
	"github.com/tagroar/tagroar/query"
	"github.com/tagroar/tagroar/tagset"
)

// A Source is what an export reads: a source of queries that also knows the
// members' application keys. *tagset.View is one, and so is a scoped view, whose
// exports show what its scope shows.
type Source interface {
	query.Source
	Key(tagset.Member) (string, bool)
}
