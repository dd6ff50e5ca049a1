// http: the way in. Express, sessions, health, the studio's files, and the front handler for answers that are planned already. Knows no object and no SQL but its own tables'.
export { createApp, type App, type CreateAppOptions } from './create-app.ts'
export { StartError } from './boot.ts'
export type { DemoUser } from './auth/room.ts'
