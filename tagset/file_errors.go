package tagset

import (
	"errors"
	"io"

	"github.com/tagroar/tagroar/internal/disk"
	"github.com/tagroar/tagroar/internal/journal"
	"github.com/tagroar/tagroar/internal/seal"
)

// A refusal is an error from underneath, and what it means to a caller.
type refusal struct {
	means []error
	cause error
}

func (r *refusal) Error() string   { return r.cause.Error() }
func (r *refusal) Unwrap() []error { return append(r.means[:len(r.means):len(r.means)], r.cause) }

// meanings are the sentinels that errors of the packages underneath stand for.
var meanings = [...]struct {
	cause error
	means []error
}{
	{disk.ErrLocked, []error{ErrLocked}},
	{disk.ErrUnsupported, []error{ErrUnsupported}},
	{disk.ErrSync, []error{ErrPoisoned}},
	{journal.ErrPoisoned, []error{ErrPoisoned}},
	{journal.ErrCorrupt, []error{ErrCorrupt}},
	{journal.ErrLater, []error{ErrUnsupported}},
	{seal.ErrKey, []error{ErrKey}},
	{seal.ErrTampered, []error{ErrCorrupt}},
	{seal.ErrTruncated, []error{ErrCorrupt, ErrTorn, io.ErrUnexpectedEOF}},
	{seal.ErrSpliced, []error{ErrCorrupt, ErrSpliced}},
	{seal.ErrLater, []error{ErrUnsupported}},
}

// fileError is err, of a verb that works on files, as an Error.
func fileError(op string, err error) error {
	var means []error
	for _, m := range &meanings {
		if !errors.Is(err, m.cause) {
			continue
		}
		for _, s := range m.means {
			if !errors.Is(err, s) {
				means = append(means, s)
			}
		}
	}
	var of *Error
	switch {
	case len(means) > 0:
		return &Error{Op: op, Err: &refusal{means, bare(err)}}
	case errors.As(err, &of) && err == error(of):
		return &Error{Op: op, Tag: of.Tag, Attr: of.Attr, Key: of.Key, Member: of.Member, Err: of.Err, about: of.about, detail: of.detail}
	}
	return &Error{Op: op, Err: err}
}

// bare is what an Error of another verb says beyond its Op.
func bare(err error) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	text := e.Err.Error()
	if s, ok := e.Err.(sentinel); ok {
		text = string(s)
	} else if e.detail == "" {
		return e.Err
	}
	if e.detail != "" {
		text += ": " + e.detail
	}
	return &refusal{means: []error{e.Err}, cause: errors.New(text)}
}
