//go:build !cgo

package engine

import "context"

func openDuckDB(context.Context) (Engine, error) { return nil, &Absent{needsCgo} }
