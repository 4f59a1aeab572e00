; For every number of 64 bits and each mask of k low bits, k from 0 to 63: what clear_low_bits of
; src/host/base/checked.h returns is a multiple of mask + 1, at most the number, and not more than the
; mask below it. `unsat`: nothing speaks against it.
(set-logic QF_BV)
(declare-const number (_ BitVec 64))
(declare-const k (_ BitVec 64))
(assert (bvult k (_ bv64 64)))
(define-fun mask () (_ BitVec 64) (bvsub (bvshl (_ bv1 64) k) (_ bv1 64)))
(define-fun result () (_ BitVec 64) (bvand number (bvnot mask)))
(define-fun is_multiple () Bool (= (bvshl (bvlshr result k) k) result))
(assert (not (and is_multiple (bvule result number) (bvule (bvsub number result) mask))))
(check-sat)
