//go:build !cgo

package engine

import "context"

func openCroaring(context.Context) (Engine, error) { return nil, &Absent{needsCgo} }
