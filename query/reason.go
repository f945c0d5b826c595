package query

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// String is the explanation as indented text, a node a line: whether it holds (✓ or
// ✗), the node, and what a leaf rests on. What has been told above is not told
// again.
func (r *Reason) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "member %d", r.Member)
	if r.Key != "" {
		b.WriteString(" (" + r.Key + ")")
	}
	switch {
	case !r.Live:
		b.WriteString(": no such member, so nothing holds\n")
	case r.Holds:
		b.WriteString(": in\n")
	default:
		b.WriteString(": not in\n")
	}
	w := reasonWriter{b: &b, told: make(map[*Reason]bool)}
	w.write(r, "", 0)
	for i, leaf := range r.Flip {
		if i == 0 {
			b.WriteString("otherwise if\n")
		}
		b.WriteString("  " + mark(!leaf.Holds) + " " + leaf.Text + "\n")
	}
	return b.String()
}

func mark(holds bool) string {
	if holds {
		return "✓"
	}
	return "✗"
}

type reasonWriter struct {
	b    *strings.Builder
	told map[*Reason]bool // expressions of composite tags
}

// write writes r, which is joined by a word to what stands before it.
func (w *reasonWriter) write(r *Reason, join string, depth int) {
	w.b.WriteString(strings.Repeat("  ", depth) + mark(r.Holds) + " " + join + r.Text)
	again := false
	if r.Composite && len(r.Of) > 0 {
		again = w.told[r.Of[0]]
		w.told[r.Of[0]] = true
	}
	switch detail := r.detail(); {
	case again:
		w.b.WriteString(" · see above")
	case detail != "":
		w.b.WriteString(" · " + detail)
	}
	w.b.WriteByte('\n')
	if again {
		return
	}
	for i, of := range r.Of {
		join := ""
		if i > 0 && (r.Text == "MINUS" || r.Text == "chain") {
			join = r.Joins[i-1] + " "
		}
		w.write(of, join, depth+1)
	}
}

// detail is what a leaf rests on.
func (r *Reason) detail() string {
	switch {
	case len(r.Of) > 0 || r.Tag == "" && r.Attr == "":
		return ""
	case r.Attr != "" && r.Value == "":
		return "unset"
	case r.Attr != "":
		return r.Value
	case r.Value != "":
		return "tagged " + r.Value
	case len(r.Carriers) == 0 && r.Holds: // the source does not tell
		return ""
	}
	var parts []string
	for _, c := range r.Carriers {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, "; ")
}

// String is the carrier in words: "directly", or "through 地域/华东 → 地域/华东/上海",
// with who holds it and since when.
func (c Carrier) String() string {
	text := "directly"
	if len(c.Path) > 1 {
		text = "through " + strings.Join(c.Path[1:], " → ")
	}
	if !plainly(c.Sources) {
		quoted := make([]string, len(c.Sources))
		for i, s := range c.Sources {
			quoted[i] = strconv.Quote(s)
		}
		text += ", held by " + strings.Join(quoted, ", ")
	}
	if !c.Since.IsZero() {
		text += ", since " + c.Since.Format(time.RFC3339)
	}
	return text
}
