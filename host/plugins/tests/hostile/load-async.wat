;; Attack: an asynchronous function, a proposal that is off
;; Expect: refused, not valid

(component
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f async (canon lift (core func $i "f") async)))
