package tagset

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/seal"
)

// TestFileErrors: what callers are told of errors underneath, and no more.
func TestFileErrors(t *testing.T) {
	sentinels := []error{ErrLocked, ErrUnsupported, ErrPoisoned, ErrCorrupt, ErrTorn, ErrSpliced, ErrKey}
	for _, c := range []struct {
		cause error
		is    []error
	}{
		{disk.ErrLocked, []error{ErrLocked}},
		{disk.ErrUnsupported, []error{ErrUnsupported}},
		{disk.ErrSync, []error{ErrPoisoned}},
		{journal.ErrPoisoned, []error{ErrPoisoned}},
		{journal.ErrCorrupt, []error{ErrCorrupt}},
		{journal.ErrLater, []error{ErrUnsupported}},
		{seal.ErrKey, []error{ErrKey}},
		{seal.ErrTampered, []error{ErrCorrupt}},
		{seal.ErrTruncated, []error{ErrCorrupt, ErrTorn}},
		{seal.ErrSpliced, []error{ErrCorrupt, ErrSpliced}},
		{seal.ErrLater, []error{ErrUnsupported}},
		{io.ErrClosedPipe, nil},
	} {
		err := fileError("open", fmt.Errorf("file at its place: %w", c.cause))
		var e *Error
		require.ErrorAs(t, err, &e)
		require.ErrorIs(t, err, c.cause)
		require.EqualError(t, err, "tagset: open: file at its place: "+c.cause.Error())
		for _, s := range sentinels {
			require.Equal(t, containsError(c.is, s), errors.Is(err, s), "%v of %v", s, c.cause)
		}
	}
}

func containsError(list []error, err error) bool {
	for _, e := range list {
		if e == err {
			return true
		}
	}
	return false
}
