/** What a screen reader is told: changes of state, never ticks. */
class Announcer {
  text = $state('')

  say(text: string) {
    this.text = this.text === text ? `${text}\u00A0` : text
  }
}

export const announcer = new Announcer()
