package crashfs

import (
	"fmt"
	"strings"
)

// A Kind is a kind of call; kinds can be or-ed to name several.
type Kind uint

// The calls of a Dir and its files. Those up to SyncDir change something and are
// logged.
const (
	Create Kind = 1 << iota
	Write
	Truncate
	Rename
	Remove
	Sync    // of a file
	SyncDir // of the directory
	Open    // also Edit
	Read
	List
	Close

	Changes = Create | Write | Truncate | Rename | Remove | Sync | SyncDir
)

// String names the kinds.
func (k Kind) String() string {
	var names []string
	for one := Create; one <= Close; one <<= 1 {
		if k&one != 0 {
			names = append(names, kindName(one))
		}
	}
	return strings.Join(names, "|")
}

func kindName(k Kind) string {
	switch k {
	case Create:
		return "create"
	case Write:
		return "write"
	case Truncate:
		return "truncate"
	case Rename:
		return "rename"
	case Remove:
		return "remove"
	case Sync:
		return "sync"
	case SyncDir:
		return "sync directory"
	case Open:
		return "open"
	case Read:
		return "read"
	case List:
		return "list"
	}
	return "close"
}

// A Call is one call of the log.
type Call struct {
	Kind   Kind
	Name   string // of the file, as it was opened or is called
	To     string // Rename
	Off    int    // Write
	Size   int    // Write: bytes written; Truncate
	Failed bool   // it returned an error

	file int // which file: names move
	data []byte
	none bool // it had no effect
}

// String returns the call in a line.
func (c *Call) String() string {
	s := c.Kind.String()
	if c.Name != "" {
		s += " " + c.Name
	}
	switch c.Kind {
	case Write:
		s += fmt.Sprintf(" at %d, %d bytes", c.Off, c.Size)
	case Truncate:
		s += fmt.Sprintf(" to %d", c.Size)
	case Rename:
		s += " to " + c.To
	}
	if c.Failed {
		s += ": fails"
	}
	return s
}
