export { AvellanedaStoikov, avellanedaStoikovParameters } from './avellaneda-stoikov.ts'
export { marketMakingParameters } from './market-making-parameters.ts'
export { MarketMakingStrategy } from './market-making-strategy.ts'
export { STRATEGIES } from './strategies.ts'
