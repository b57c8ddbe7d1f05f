;; Attack: one memory in each of five modules, to have more than an instance may hold
;; Expect: refused, memories

(component
  (core module $m (memory 1))
  (core instance (instantiate $m))
  (core instance (instantiate $m))
  (core instance (instantiate $m))
  (core instance (instantiate $m))
  (core instance (instantiate $m)))
