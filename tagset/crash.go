package tagset

import (
	"fmt"
	"runtime/debug"
)

// protect keeps a panic of f for the caller; nil: there was none.
func protect(f func()) (c *crash) {
	defer func() {
		if value := recover(); value != nil {
			c = &crash{value, debug.Stack()}
		}
	}()
	f()
	return nil
}

// A crash is the panic of a goroutine on its way to the caller.
type crash struct {
	value any
	stack []byte
}

// Error shows where it happened.
func (c *crash) Error() string {
	return fmt.Sprintf("tagset: panic in a goroutine: %v\n\n%s", c.value, c.stack)
}

// Unwrap is what the goroutine panicked with, if that was an error.
func (c *crash) Unwrap() error {
	err, _ := c.value.(error)
	return err
}
