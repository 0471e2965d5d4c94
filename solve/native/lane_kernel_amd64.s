#include "textflag.h"

DATA laneBounds<>+0(SB)/8, $1e-40
DATA laneBounds<>+8(SB)/8, $0x7fefffffffffffff
DATA laneBounds<>+16(SB)/8, $1.0
GLOBL laneBounds<>(SB), RODATA, $24

// func laneSubWide(c, a *float64, as int, d *float64, ds, k, n int)
TEXT ·laneSubWide(SB), NOSPLIT, $0-56
	MOVQ c+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ as+16(FP), R8
	MOVQ d+24(FP), R9
	MOVQ ds+32(FP), R10
	MOVQ k+40(FP), R11
	MOVQ n+48(FP), CX
	SHLQ $3, R8
	SHLQ $3, R10
	SHLQ $6, CX
four:
	CMPQ R11, $4
	JLT  two
	LEAQ (SI)(R8*1), R12
	LEAQ (SI)(R8*2), R13
	LEAQ (R12)(R8*2), BX
	LEAQ (R9)(R10*2), AX
	VMOVUPD (SI), Z8
	VMOVUPD (R12), Z9
	VMOVUPD (R13), Z10
	VMOVUPD (BX), Z11
	VMULPD (R9), Z8, Z8
	VMULPD (R9)(R10*1), Z9, Z9
	VMULPD (AX), Z10, Z10
	VMULPD (AX)(R10*1), Z11, Z11
	XORQ DX, DX
loop4:
	VMOVUPD (DI)(DX*1), Z0
	VMULPD (SI)(DX*1), Z8, Z1
	VFNMADD231PD (R12)(DX*1), Z9, Z0
	VFMADD231PD (R13)(DX*1), Z10, Z1
	VFNMADD231PD (BX)(DX*1), Z11, Z0
	VSUBPD Z1, Z0, Z0
	VMOVUPD Z0, (DI)(DX*1)
	ADDQ $64, DX
	CMPQ DX, CX
	JLT  loop4
	LEAQ (SI)(R8*4), SI
	LEAQ (R9)(R10*4), R9
	SUBQ $4, R11
	JMP  four
two:
	CMPQ R11, $2
	JLT  one
	LEAQ (SI)(R8*1), R12
	VMOVUPD (SI), Z8
	VMOVUPD (R12), Z9
	VMULPD (R9), Z8, Z8
	VMULPD (R9)(R10*1), Z9, Z9
	XORQ DX, DX
loop2:
	VMOVUPD (DI)(DX*1), Z0
	VFNMADD231PD (SI)(DX*1), Z8, Z0
	VFNMADD231PD (R12)(DX*1), Z9, Z0
	VMOVUPD Z0, (DI)(DX*1)
	ADDQ $64, DX
	CMPQ DX, CX
	JLT  loop2
	LEAQ (SI)(R8*2), SI
	LEAQ (R9)(R10*2), R9
	SUBQ $2, R11
one:
	TESTQ R11, R11
	JEQ  done
	VMOVUPD (SI), Z8
	VMULPD (R9), Z8, Z8
	XORQ DX, DX
loop1:
	VMOVUPD (DI)(DX*1), Z0
	VFNMADD231PD (SI)(DX*1), Z8, Z0
	VMOVUPD Z0, (DI)(DX*1)
	ADDQ $64, DX
	CMPQ DX, CX
	JLT  loop1
done:
	VZEROUPPER
	RET

// func lanePivotWide(c *float64, dinv *[lanes]float64, sign float64, n int) (good uint32)
TEXT ·lanePivotWide(SB), NOSPLIT, $0-36
	MOVQ c+0(FP), DI
	MOVQ dinv+8(FP), SI
	VBROADCASTSD sign+16(FP), Z1
	MOVQ n+24(FP), CX
	VMOVUPD (DI), Z0
	VMULPD Z0, Z1, Z1
	VBROADCASTSD laneBounds<>+0(SB), Z2
	VBROADCASTSD laneBounds<>+8(SB), Z3
	VCMPPD $0x1e, Z2, Z1, K1
	VCMPPD $0x11, Z3, Z1, K2
	KANDW K1, K2, K1
	KMOVW K1, AX
	ANDL $0xff, AX
	MOVL AX, good+32(FP)
	CMPL AX, $0xff
	JNE  done
	VBROADCASTSD laneBounds<>+16(SB), Z2
	VDIVPD Z0, Z2, Z2
	VMOVUPD Z2, (SI)
	SHLQ $6, CX
	MOVQ $64, DX
	JMP  test
loop:
	VMULPD (DI)(DX*1), Z2, Z0
	VMOVUPD Z0, (DI)(DX*1)
	ADDQ $64, DX
test:
	CMPQ DX, CX
	JLT  loop
done:
	VZEROUPPER
	RET

// func laneAddWide(dst *float64, rel *int32, src *float64, shift, n int)
TEXT ·laneAddWide(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ rel+8(FP), SI
	MOVQ src+16(FP), R8
	MOVQ shift+24(FP), R9
	MOVQ n+32(FP), CX
	SHLQ $6, R9
	SUBQ R9, DI
	XORQ DX, DX
loop:
	MOVLQSX (SI)(DX*4), AX
	SHLQ $6, AX
	VMOVUPD (DI)(AX*1), Z0
	VADDPD (R8), Z0, Z0
	VMOVUPD Z0, (DI)(AX*1)
	ADDQ $64, R8
	INCQ DX
	CMPQ DX, CX
	JLT  loop
	VZEROUPPER
	RET

// func laneSubAtWide(dst *float64, rel *int32, a *float64, d *[lanes]float64, shift, n int)
TEXT ·laneSubAtWide(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ rel+8(FP), SI
	MOVQ a+16(FP), R8
	MOVQ d+24(FP), R10
	MOVQ shift+32(FP), R9
	MOVQ n+40(FP), CX
	SHLQ $6, R9
	SUBQ R9, DI
	VMOVUPD (R8), Z1
	VMULPD (R10), Z1, Z1
	XORQ DX, DX
loop:
	MOVLQSX (SI)(DX*4), AX
	SHLQ $6, AX
	VMOVUPD (DI)(AX*1), Z0
	VFNMADD231PD (R8), Z1, Z0
	VMOVUPD Z0, (DI)(AX*1)
	ADDQ $64, R8
	INCQ DX
	CMPQ DX, CX
	JLT  loop
	VZEROUPPER
	RET

// func laneForwardWide(x, panel *float64, rows *int32, cols, n int)
// Column by column: x at the rows below the pivot loses the column times the pivot.
TEXT ·laneForwardWide(SB), NOSPLIT, $0-40
	MOVQ x+0(FP), DI
	MOVQ panel+8(FP), R8
	MOVQ rows+16(FP), SI
	MOVQ cols+24(FP), R10
	MOVQ n+32(FP), CX
	XORQ R9, R9
column:
	MOVLQSX (SI)(R9*4), AX
	SHLQ $6, AX
	VMOVUPD (DI)(AX*1), Z1
	INCQ R9
	MOVQ R9, DX
	SHLQ $6, DX
	ADDQ DX, R8
	MOVQ R9, DX
	JMP  test
loop:
	MOVLQSX (SI)(DX*4), AX
	SHLQ $6, AX
	VMOVUPD (DI)(AX*1), Z0
	VFNMADD231PD (R8), Z1, Z0
	VMOVUPD Z0, (DI)(AX*1)
	ADDQ $64, R8
	INCQ DX
test:
	CMPQ DX, CX
	JLT  loop
	CMPQ R9, R10
	JLT  column
	VZEROUPPER
	RET

// func laneBackwardWide(x, panel *float64, rows *int32, dinv *float64, cols, n int)
// From the last column to the first: the pivot's unknown loses the column times x
// at the rows below; two sums, so that one need not wait for the other.
TEXT ·laneBackwardWide(SB), NOSPLIT, $0-48
	MOVQ x+0(FP), DI
	MOVQ panel+8(FP), R8
	MOVQ rows+16(FP), SI
	MOVQ dinv+24(FP), R11
	MOVQ cols+32(FP), R10
	MOVQ n+40(FP), CX
	MOVQ CX, R13
	SHLQ $6, R13
column:
	DECQ R10
	MOVQ R10, AX
	IMULQ R13, AX
	LEAQ (R8)(AX*1), R9
	MOVLQSX (SI)(R10*4), R12
	SHLQ $6, R12
	MOVQ R10, DX
	SHLQ $6, DX
	VMOVUPD (DI)(R12*1), Z0
	VMULPD (R11)(DX*1), Z0, Z0
	VPXORQ Z1, Z1, Z1
	LEAQ 64(R9)(DX*1), R9
	LEAQ 1(R10), DX
	JMP  test
loop:
	MOVLQSX (SI)(DX*4), AX
	MOVLQSX 4(SI)(DX*4), BX
	SHLQ $6, AX
	SHLQ $6, BX
	VMOVUPD (R9), Z2
	VMOVUPD 64(R9), Z3
	VFNMADD231PD (DI)(AX*1), Z2, Z0
	VFNMADD231PD (DI)(BX*1), Z3, Z1
	ADDQ $128, R9
	ADDQ $2, DX
test:
	LEAQ 1(DX), AX
	CMPQ AX, CX
	JLT  loop
	CMPQ DX, CX
	JGE  last
	MOVLQSX (SI)(DX*4), AX
	SHLQ $6, AX
	VMOVUPD (R9), Z2
	VFNMADD231PD (DI)(AX*1), Z2, Z0
last:
	VADDPD Z1, Z0, Z0
	VMOVUPD Z0, (DI)(R12*1)
	TESTQ R10, R10
	JNE  column
	VZEROUPPER
	RET

// func laneDiagonalWide(panel, d *float64, step, n int)
TEXT ·laneDiagonalWide(SB), NOSPLIT, $0-32
	MOVQ panel+0(FP), DI
	MOVQ d+8(FP), SI
	MOVQ step+16(FP), R8
	MOVQ n+24(FP), CX
	SHLQ $3, R8
loop:
	VMOVUPD (SI), Z0
	VMOVUPD Z0, (DI)
	ADDQ $64, SI
	ADDQ R8, DI
	DECQ CX
	JNE  loop
	VZEROUPPER
	RET
