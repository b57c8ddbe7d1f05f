/** French texts of directories of companies. */

export const fr = {
  annuaire: {
    hint: 'Saisissez un SIRET ou un nom : {{source}} propose de remplir la fiche.',
    found: '{{source}} propose :',
    none: '{{source}} ne connaît pas cette entreprise.',
    fill: 'Remplir la fiche',
    fillWith: 'Remplir la fiche d’après {{name}}, {{siret}}',
    closed: 'Établissement fermé',
    known: 'Déjà dans le CRM',
    open: 'Ouvrir {{name}}',
    take: 'Prendre {{name}}',
    elsewhere: 'Déjà suivie par un autre site',
    filled: 'Fiche remplie d’après {{source}}. Vos saisies sont gardées.',
    agreements: 'Plusieurs conventions collectives : {{codes}}.',
    headcount: 'Effectif déclaré : de {{least}} à {{most}} salariés.',
    headcountOver: 'Effectif déclaré : au moins {{least}} salariés.',
    opco: 'OPCO proposé : {{name}}, d’après la convention {{idcc}}.',
    opcoSource: '{{source}} ({{date}}).',
    opcoTake: 'Reprendre {{name}}',
  },
};
