//go:build !unix

package measure

import "time"

// processTime is not known here; no sample counts as disturbed.
func processTime() time.Duration { return 0 }
