package show

import "fmt"

// Checks counts the answers that were compared. The zero value is ready.
type Checks struct {
	Agreed int // answers that equal a plain loop
	Known  int // of these, also a published fact
}

// Compare is an error unless an answer is what a plain loop says and, if known
// is not 0, the fact that is known of it.
func (c *Checks) Compare(title string, got, loop, known int64) error {
	if got != loop {
		return fmt.Errorf("%s: the engine says %d, the loop %d", title, got, loop)
	}
	c.Agreed++
	if known != 0 {
		if got != known {
			return fmt.Errorf("%s: the engine says %d, the facts of the data set %d", title, got, known)
		}
		c.Known++
	}
	return nil
}
