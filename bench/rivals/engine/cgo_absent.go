//go:build !cgo

package engine

import "context"

const needsCgo = "build with CGO_ENABLED=1 and a C compiler (apt-get install gcc libc6-dev)"

func openCroaring(context.Context) (Engine, error) { return nil, &Absent{needsCgo} }

func openDuckDB(context.Context) (Engine, error) { return nil, &Absent{needsCgo} }
