/** French texts of what can be done with several opportunités at once. */
export const fr = {
  opportunitesLot: {
    assign: 'Attribuer',
    assignDo: 'Attribuer {{n}} opportunité{{n||s}}',
    assignDone: '{{n}} opportunité{{n||s}} attribuée{{n||s}}',
    kind: 'Type',
    kindDo: 'Changer {{n}} opportunité{{n||s}}',
    kindDone: '{{n}} opportunité{{n||s}} changée{{n||s}}',
    move: 'Avancer',
    moveLabel: 'Action',
    moveHint: 'Les actions possibles sans rien saisir. Celles qui demandent des informations se font sur chaque page.',
    moveOption: '{{label}} · {{n}} sur {{total}}',
    moveDo: 'Avancer {{n}} opportunité{{n||s}}',
    moveDone: '{{n}} opportunité{{n||s}} avancée{{n||s}}',
    notOffered: 'Cette action n’est pas possible à ce stade.',
  },
};
