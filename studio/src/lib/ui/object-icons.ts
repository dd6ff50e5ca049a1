/** Lucide icons that an object's document may name; anything else gets a box. */
import type { Component } from 'svelte'
import AlarmClock from '@lucide/svelte/icons/alarm-clock'
import BookUser from '@lucide/svelte/icons/book-user'
import Box from '@lucide/svelte/icons/box'
import Briefcase from '@lucide/svelte/icons/briefcase'
import Building2 from '@lucide/svelte/icons/building-2'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CalendarX from '@lucide/svelte/icons/calendar-x'
import ClipboardList from '@lucide/svelte/icons/clipboard-list'
import Cpu from '@lucide/svelte/icons/cpu'
import FileSignature from '@lucide/svelte/icons/file-signature'
import FileText from '@lucide/svelte/icons/file-text'
import Flag from '@lucide/svelte/icons/flag'
import Handshake from '@lucide/svelte/icons/handshake'
import History from '@lucide/svelte/icons/history'
import Inbox from '@lucide/svelte/icons/inbox'
import KeyRound from '@lucide/svelte/icons/key-round'
import Landmark from '@lucide/svelte/icons/landmark'
import ListOrdered from '@lucide/svelte/icons/list-ordered'
import Mail from '@lucide/svelte/icons/mail'
import MessageSquare from '@lucide/svelte/icons/message-square'
import Network from '@lucide/svelte/icons/network'
import Package from '@lucide/svelte/icons/package'
import PackageCheck from '@lucide/svelte/icons/package-check'
import Pause from '@lucide/svelte/icons/pause'
import Rocket from '@lucide/svelte/icons/rocket'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Send from '@lucide/svelte/icons/send'
import Server from '@lucide/svelte/icons/server'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import ShieldPlus from '@lucide/svelte/icons/shield-plus'
import SquareCheckBig from '@lucide/svelte/icons/square-check-big'
import Tag from '@lucide/svelte/icons/tag'
import Ticket from '@lucide/svelte/icons/ticket'
import Timer from '@lucide/svelte/icons/timer'
import TreePalm from '@lucide/svelte/icons/tree-palm'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import User from '@lucide/svelte/icons/user'
import UserCheck from '@lucide/svelte/icons/user-check'
import UserPlus from '@lucide/svelte/icons/user-plus'
import Users from '@lucide/svelte/icons/users'
import Wrench from '@lucide/svelte/icons/wrench'

const ICONS: { readonly [name: string]: Component } = {
  'alarm-clock': AlarmClock,
  'book-user': BookUser,
  box: Box,
  briefcase: Briefcase,
  'building-2': Building2,
  'calendar-clock': CalendarClock,
  'calendar-x': CalendarX,
  'clipboard-list': ClipboardList,
  cpu: Cpu,
  'file-signature': FileSignature,
  'file-text': FileText,
  flag: Flag,
  handshake: Handshake,
  history: History,
  inbox: Inbox,
  'key-round': KeyRound,
  landmark: Landmark,
  'list-ordered': ListOrdered,
  mail: Mail,
  'message-square': MessageSquare,
  network: Network,
  package: Package,
  'package-check': PackageCheck,
  pause: Pause,
  rocket: Rocket,
  'scroll-text': ScrollText,
  send: Send,
  server: Server,
  'shield-check': ShieldCheck,
  'shield-plus': ShieldPlus,
  'square-check-big': SquareCheckBig,
  tag: Tag,
  ticket: Ticket,
  timer: Timer,
  'tree-palm': TreePalm,
  'triangle-alert': TriangleAlert,
  user: User,
  'user-check': UserCheck,
  'user-plus': UserPlus,
  users: Users,
  wrench: Wrench,
  // Lucide's older names, which documents may still use.
  'check-square': SquareCheckBig,
  contact: BookUser,
  palmtree: TreePalm,
}

export const objectIcon = (object: { readonly icon?: string | null }): Component => ICONS[object.icon ?? ''] ?? Box
