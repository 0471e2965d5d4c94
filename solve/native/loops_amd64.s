#include "go_asm.h"
#include "textflag.h"

// The loops of loops.go, four numbers at a time; n is a multiple of four, and above
// zero. See there for what they compute.

// BAND leaves in Y7 what a centrality corrector asks of the products whose gap is in
// Y2, its change in Y0, whose dual is in Y3, its change in Y4. It takes Y5 and Y6;
// R12 points to the band.
#define BAND \
	VMOVAPD Y2, Y5 \
	VFMADD231PD Y0, Y11, Y5 \
	VMOVAPD Y3, Y6 \
	VFMADD231PD Y4, Y10, Y6 \
	VMULPD Y5, Y6, Y5 \
	VCMPPD $0x11, Y9, Y5, Y6 \
	VBROADCASTSD band_lift(R12), Y7 \
	VSUBPD Y5, Y7, Y7 \
	VANDPD Y6, Y7, Y7 \
	VCMPPD $0x1e, Y8, Y5, Y6 \
	VSUBPD Y5, Y8, Y5 \
	VBROADCASTSD band_drop(R12), Y1 \
	VMAXPD Y1, Y5, Y5 \
	VANDPD Y6, Y5, Y5 \
	VORPD Y5, Y7, Y7

// SECOND is BAND for the second-order corrector.
#define SECOND \
	VMOVAPD Y9, Y7 \
	VFNMADD231PD Y0, Y4, Y7

// STEP follows either in follow: the change of the dual is stored, and AX is not zero
// where one of four blocks.
#define STEP \
	VMULPD (R11)(DX*8), Y15, Y1 \
	VFNMADD231PD Y1, Y3, Y7 \
	VDIVPD Y2, Y7, Y7 \
	VMOVUPD Y7, (R9)(DX*8) \
	VMOVAPD Y0, Y5 \
	VFMADD231PD Y1, Y12, Y5 \
	VADDPD Y1, Y0, Y0 \
	VMINPD Y5, Y0, Y0 \
	VFMADD213PD Y2, Y14, Y0 \
	VMOVAPD Y4, Y5 \
	VFMADD231PD Y7, Y12, Y5 \
	VADDPD Y7, Y4, Y4 \
	VMINPD Y5, Y4, Y4 \
	VFMADD213PD Y3, Y13, Y4 \
	VORPD Y0, Y4, Y0 \
	ADDQ $4, DX \
	VMOVMSKPD Y0, AX \
	TESTL AX, AX

// LOAD reads the products and the change of the gap.
#define LOAD \
	VMULPD (R10)(DX*8), Y15, Y0 \
	VMOVUPD (DI)(DX*8), Y2 \
	VMOVUPD (SI)(DX*8), Y3 \
	VMOVUPD (R8)(DX*8), Y4

// CONSTANTS reads the arguments of follow and asked.
#define CONSTANTS \
	MOVQ block_gap(BX), DI \
	MOVQ block_dual(BX), SI \
	MOVQ block_dz(BX), R8 \
	MOVQ block_dx(BX), R10 \
	VBROADCASTSD block_side(BX), Y15 \
	VBROADCASTSD band_tp(R12), Y11 \
	VBROADCASTSD band_td(R12), Y10 \
	VBROADCASTSD band_low(R12), Y9 \
	VBROADCASTSD band_high(R12), Y8

// func followAVX(b *block, w *band, s *reaches, from, n int) (to int, blocks bool)
TEXT ·followAVX(SB), NOSPLIT, $0-49
	MOVQ b+0(FP), BX
	MOVQ w+8(FP), R12
	MOVQ s+16(FP), R13
	MOVQ from+24(FP), DX
	MOVQ n+32(FP), CX
	CONSTANTS
	MOVQ block_cz(BX), R9
	MOVQ block_cx(BX), R11
	VBROADCASTSD reaches_low(R13), Y12
	VBROADCASTSD reaches_maxPrimal(R13), Y14
	VBROADCASTSD reaches_maxDual(R13), Y13
	XORL AX, AX
	CMPB band_second(R12), $0
	JNE  second
loop:
	LOAD
	BAND
	STEP
	JNE  out
	CMPQ DX, CX
	JLT  loop
	JMP  out
second:
	VBROADCASTSD band_target(R12), Y9
loop2:
	LOAD
	SECOND
	STEP
	JNE  out
	CMPQ DX, CX
	JLT  loop2
out:
	MOVQ DX, to+40(FP)
	TESTL AX, AX
	SETNE blocks+48(FP)
	VZEROUPPER
	RET

// func askedAVX(b *block, w *band, t *float64, n int)
TEXT ·askedAVX(SB), NOSPLIT, $0-32
	MOVQ b+0(FP), BX
	MOVQ w+8(FP), R12
	MOVQ t+16(FP), R9
	MOVQ n+24(FP), CX
	CONSTANTS
	XORQ DX, DX
	CMPB band_second(R12), $0
	JNE  second
loop:
	LOAD
	BAND
	VDIVPD Y2, Y7, Y7
	VMOVUPD (R9)(DX*8), Y0
	VFMADD231PD Y7, Y15, Y0
	VMOVUPD Y0, (R9)(DX*8)
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop
	JMP  out
second:
	VBROADCASTSD band_target(R12), Y9
loop2:
	LOAD
	SECOND
	VDIVPD Y2, Y7, Y7
	VMOVUPD (R9)(DX*8), Y0
	VFMADD231PD Y7, Y15, Y0
	VMOVUPD Y0, (R9)(DX*8)
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop2
out:
	VZEROUPPER
	RET

// func affineAVX(b *block, ap, ad float64, sums *[3][4]float64, from, n int) (to int, blocks bool)
TEXT ·affineAVX(SB), NOSPLIT, $0-57
	MOVQ b+0(FP), BX
	VBROADCASTSD ap+8(FP), Y14
	VBROADCASTSD ad+16(FP), Y13
	MOVQ sums+24(FP), R12
	MOVQ from+32(FP), DX
	MOVQ n+40(FP), CX
	MOVQ block_gap(BX), DI
	MOVQ block_dual(BX), SI
	MOVQ block_dz(BX), R8
	MOVQ block_dx(BX), R10
	VBROADCASTSD block_side(BX), Y15
	VMOVUPD (R12), Y10
	VMOVUPD 32(R12), Y11
	VMOVUPD 64(R12), Y12
	VXORPD Y9, Y9, Y9
loop:
	VMULPD (R10)(DX*8), Y15, Y0
	VMOVUPD (DI)(DX*8), Y2
	VMOVUPD (SI)(DX*8), Y3
	VMULPD Y0, Y3, Y5
	VDIVPD Y2, Y5, Y6
	VADDPD Y3, Y6, Y6
	VSUBPD Y6, Y9, Y4
	VMOVUPD Y4, (R8)(DX*8)
	VFMADD231PD Y2, Y4, Y10
	VADDPD Y5, Y11, Y11
	VFMADD231PD Y0, Y4, Y12
	VFMADD213PD Y2, Y14, Y0
	VFMADD213PD Y3, Y13, Y4
	VORPD Y0, Y4, Y0
	ADDQ $4, DX
	VMOVMSKPD Y0, AX
	TESTL AX, AX
	JNE  out
	CMPQ DX, CX
	JLT  loop
out:
	VMOVUPD Y10, (R12)
	VMOVUPD Y11, 32(R12)
	VMOVUPD Y12, 64(R12)
	MOVQ DX, to+48(FP)
	TESTL AX, AX
	SETNE blocks+56(FP)
	VZEROUPPER
	RET

// func productsAVX(gap, dual, limit *float64, side float64, t, bar *float64, sums *[2][4]float64, n int)
TEXT ·productsAVX(SB), NOSPLIT, $0-64
	MOVQ gap+0(FP), DI
	MOVQ dual+8(FP), SI
	MOVQ limit+16(FP), R8
	VBROADCASTSD side+24(FP), Y15
	MOVQ t+32(FP), R9
	MOVQ bar+40(FP), R10
	MOVQ sums+48(FP), R12
	MOVQ n+56(FP), CX
	VMOVUPD (R12), Y10
	VMOVUPD 32(R12), Y11
	XORQ DX, DX
loop:
	VMOVUPD (DI)(DX*8), Y2
	VMOVUPD (SI)(DX*8), Y3
	VFMADD231PD Y2, Y3, Y10
	VFMADD231PD (R8)(DX*8), Y3, Y11
	VDIVPD Y2, Y3, Y4
	VADDPD (R10)(DX*8), Y4, Y4
	VMOVUPD Y4, (R10)(DX*8)
	VMOVUPD (R9)(DX*8), Y5
	VFMADD231PD Y3, Y15, Y5
	VMOVUPD Y5, (R9)(DX*8)
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop
	VMOVUPD Y10, (R12)
	VMOVUPD Y11, 32(R12)
	VZEROUPPER
	RET

// func advanceAVX(x, d, c *float64, a, w float64, n int)
TEXT ·advanceAVX(SB), NOSPLIT, $0-48
	MOVQ x+0(FP), DI
	MOVQ d+8(FP), SI
	MOVQ c+16(FP), R8
	VBROADCASTSD a+24(FP), Y1
	VBROADCASTSD w+32(FP), Y2
	MOVQ n+40(FP), CX
	XORQ DX, DX
loop:
	VMOVUPD (SI)(DX*8), Y3
	VFMADD231PD (R8)(DX*8), Y2, Y3
	VMOVUPD (DI)(DX*8), Y0
	VFMADD231PD Y3, Y1, Y0
	VMOVUPD Y0, (DI)(DX*8)
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop
	VZEROUPPER
	RET

// func axpyAVX(x, c *float64, a float64, n int)
TEXT ·axpyAVX(SB), NOSPLIT, $0-32
	MOVQ x+0(FP), DI
	MOVQ c+8(FP), SI
	VBROADCASTSD a+16(FP), Y1
	MOVQ n+24(FP), CX
	XORQ DX, DX
loop:
	VMOVUPD (DI)(DX*8), Y0
	VFMADD231PD (SI)(DX*8), Y1, Y0
	VMOVUPD Y0, (DI)(DX*8)
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop
	VZEROUPPER
	RET

// func largestAVX(x *float64, n int, most *[4]float64)
// A maximum forgets what is not a number; Y2 remembers it.
TEXT ·largestAVX(SB), NOSPLIT, $0-24
	MOVQ x+0(FP), DI
	MOVQ n+8(FP), CX
	MOVQ most+16(FP), R8
	VPCMPEQQ Y3, Y3, Y3
	VPSRLQ $1, Y3, Y3 // all but the sign
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	XORQ DX, DX
loop:
	VANDPD (DI)(DX*8), Y3, Y0
	VMAXPD Y1, Y0, Y1
	VCMPPD $3, Y0, Y0, Y0
	VORPD Y0, Y2, Y2
	ADDQ $4, DX
	CMPQ DX, CX
	JLT  loop
	VORPD Y2, Y1, Y1
	VMOVUPD Y1, (R8)
	VZEROUPPER
	RET

// func linesAVX(blocks *lineBlock, count int, at *int32, eights, x, out *float64)
TEXT ·linesAVX(SB), NOSPLIT, $0-48
	MOVQ blocks+0(FP), BX
	MOVQ count+8(FP), R13
	MOVQ at+16(FP), SI
	MOVQ eights+24(FP), R8
	MOVQ x+32(FP), DI
	MOVQ out+40(FP), R9
block:
	MOVLQSX lineBlock_first(BX), R10
	MOVLQSX lineBlock_side(BX), CX
	MOVLQSX lineBlock_shared(BX), DX
	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	TESTQ CX, CX
	JEQ  shared
side:
	MOVLQSX (SI), AX
	VMOVUPD (R8), Y2
	VMOVUPD 32(R8), Y3
	VFMADD231PD (DI)(AX*8), Y2, Y0
	VFMADD231PD 32(DI)(AX*8), Y3, Y1
	ADDQ $4, SI
	ADDQ $64, R8
	DECQ CX
	JNE  side
shared:
	TESTQ DX, DX
	JEQ  store
one:
	MOVLQSX (SI), AX
	VBROADCASTSD (DI)(AX*8), Y4
	VFMADD231PD (R8), Y4, Y0
	VFMADD231PD 32(R8), Y4, Y1
	ADDQ $4, SI
	ADDQ $64, R8
	DECQ DX
	JNE  one
store:
	VMOVUPD Y0, (R9)(R10*8)
	VMOVUPD Y1, 32(R9)(R10*8)
	ADDQ $lineBlock__size, BX
	DECQ R13
	JNE  block
	VZEROUPPER
	RET
