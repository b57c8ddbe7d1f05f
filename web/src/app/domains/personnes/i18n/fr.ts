/** French texts of the domain personnes. */

export const fr = {
  personnes: {
    lead: 'Tout ce que le réseau sait d’une personne : où elle apparaît, et la copie à lui remettre si elle la demande.',
    search: 'Nom, e-mail ou téléphone',
    start: 'Qui cherchez-vous ?',
    startText:
      'Contacts d’entreprises, stagiaires, formateurs et utilisateurs de tous les sites. Deux caractères suffisent.',
    none: 'Personne de ce nom',
    noneText: 'Aucune fiche ne porte ce nom, cet e-mail ou ce téléphone. Essayez un seul des trois.',
    found: '{{n}} fiche{{n||s}}',
    more: 'Les {{shown}} premières sur {{total}} : précisez la recherche.',
    same: 'Cochez les fiches de la même personne : deux homonymes ne sont pas une personne.',
    all: 'Cocher toutes les fiches',
    select: 'Cocher {{name}}, {{kind}}, {{place}}',
    kind: { contact: 'Contact', stagiaire: 'Stagiaire', formateur: 'Formateur', user: 'Utilisateur' },
    known: 'Connu : {{fields}}',
    born: 'Né·e le {{day}}',
    export: 'Exporter les données ({{n}})',
    exporting: 'Préparation…',
    erase: {
      open: 'Effacer…',
      title: 'Effacer {{name}}',
      goes: 'Ce qui est effacé',
      stays: 'Ce qui reste, et pourquoi',
      namesakes: 'Les lignes d’un homonyme comptent aussi.',
      reason: 'Pourquoi ?',
      hint: 'Le journal garde ce motif : n’y écrivez pas le nom de la personne.',
      apply: 'Effacer définitivement',
      done: 'Les données sont effacées. Le journal garde la trace de l’acte, sans le nom.',
    },
    exported: 'Copie des données enregistrée. Le journal garde la trace de cet export.',
  },
};
