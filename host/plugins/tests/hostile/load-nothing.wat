;; Attack: a component without any export
;; Expect: refused, does not fit the contract

(component)
