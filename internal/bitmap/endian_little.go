//go:build 386 || amd64 || arm || arm64 || loong64 || mips64le || mipsle || ppc64le || riscv64 || wasm

package bitmap

// littleEndian tells that payloads lie in memory as the portable format has them.
const littleEndian = true
