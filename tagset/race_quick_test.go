//go:build !battery

package tagset_test

import (
	"testing"
	"time"
)

// stressFor is how long the stress test runs.
func stressFor(*testing.T) time.Duration { return 2 * time.Second }

// crossOneOf says which share of its runs TestModelCross makes: one of so many, as each takes a tenth of a second.
const crossOneOf = 3
