package eval

// The adders of a circuit, over a lane. Outputs may be inputs.

func invert(d, a *lane) {
	for i := 0; i <= chunk-4; i += 4 {
		d[i], d[i+1], d[i+2], d[i+3] = ^a[i], ^a[i+1], ^a[i+2], ^a[i+3]
	}
}

func half2(sum, carry, a, b *lane) {
	for i := 0; i <= chunk-4; i += 4 {
		sum[i], carry[i] = a[i]^b[i], a[i]&b[i]
		sum[i+1], carry[i+1] = a[i+1]^b[i+1], a[i+1]&b[i+1]
		sum[i+2], carry[i+2] = a[i+2]^b[i+2], a[i+2]&b[i+2]
		sum[i+3], carry[i+3] = a[i+3]^b[i+3], a[i+3]&b[i+3]
	}
}

func full3(sum, carry, a, b, c *lane) {
	for i := 0; i <= chunk-2; i += 2 {
		sum[i], carry[i] = full(a[i], b[i], c[i])
		sum[i+1], carry[i+1] = full(a[i+1], b[i+1], c[i+1])
	}
}

// full5 leaves two carries of the same weight.
func full5(sum, carry, other, a, b, c, d, e *lane) {
	for i := range sum {
		x, k := full(a[i], b[i], c[i])
		x, l := full(x, d[i], e[i])
		sum[i], carry[i], other[i] = x, k, l
	}
}

// full7 adds the carries up.
func full7(sum, carry, high, a, b, c, d, e, f, g *lane) {
	for i := range sum {
		x, k := full(a[i], b[i], c[i])
		x, l := full(x, d[i], e[i])
		x, m := full(x, f[i], g[i])
		y, z := full(k, l, m)
		sum[i], carry[i], high[i] = x, y, z
	}
}
