//go:build !(386 || amd64 || arm || arm64 || loong64 || mips64le || mipsle || ppc64le || riscv64 || wasm)

package bitmap

// littleEndian is not known to hold; payloads are converted value by value.
const littleEndian = false
