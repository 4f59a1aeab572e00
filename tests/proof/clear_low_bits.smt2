; For every 64-bit number and every mask of k low bits, k from 0 to 63: the result of clear_low_bits
; (src/host/base/checked.h) is a multiple of mask + 1, at most the number, and at least the number
; minus the mask. `unsat`: there is no counterexample.
(set-logic QF_BV)
(declare-const number (_ BitVec 64))
(declare-const k (_ BitVec 64))
(assert (bvult k (_ bv64 64)))
(define-fun mask () (_ BitVec 64) (bvsub (bvshl (_ bv1 64) k) (_ bv1 64)))
(define-fun result () (_ BitVec 64) (bvand number (bvnot mask)))
(define-fun is_multiple () Bool (= (bvshl (bvlshr result k) k) result))
(assert (not (and is_multiple (bvule result number) (bvule (bvsub number result) mask))))
(check-sat)
