// The host's interfaces as a component imports them. What is in them is said by the types of `contract/`, which the modules in
// `host/` give them.
declare module 'afpi:host/*';
