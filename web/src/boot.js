// Runs before the first paint: the chosen theme, the folded sidebar, the language, the frame for people who are signed in, and an early
// request for the scripts of the page. The build puts their names in (scripts/finish.mjs).
(() => {
  /** Pages by path, each with the numbers of its scripts. The development server has none. */
  const scripts = /* SCRIPTS */ null;
  const root = document.documentElement;
  const recall = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = recall('afpi.theme');
  if (theme === 'light' || theme === 'dark') root.classList.add(theme);
  root.classList.toggle('folded', recall('afpi.folded') !== null);
  root.lang = recall('afpi.lang') === 'en' ? 'en' : 'fr';
  const path = location.pathname.replace(/\/$/, '');
  const inside = recall('afpi.signed-in') !== null && path !== '/connexion';
  root.classList.toggle('inside', inside);
  if (!scripts) return;
  const { files, signIn, pages } = scripts;
  const known = pages[path || '/'] ? path || '/' : path.replace(/\/[^/]+$/, '/*');
  const page = pages[known] ?? [];
  const texts = pages[`${known} ${root.lang}`] ?? [];
  const needed = inside
    ? [...pages['*'], ...pages[root.lang], ...page, ...texts]
    : [...signIn['*'], ...signIn[root.lang]];
  for (const file of needed) {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = files[file];
    document.head.append(link);
  }
})();
