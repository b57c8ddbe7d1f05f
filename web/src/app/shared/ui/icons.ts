/** The icons the application uses; only these end up in the bundle. */
import {
  Archive, ArrowDown, ArrowLeft, ArrowRight, ArrowUp, ArrowUpDown, Bell, BriefcaseBusiness, Building2, CalendarDays, Check, ChevronDown,
  ChevronLeft, ChevronRight, CircleAlert, CircleCheck, CirclePause, CirclePlay, CircleX, ClipboardList, Clock, Command, Contrast, Copy, DoorOpen, Download, Ellipsis,
  ExternalLink, Eye, EyeOff, FileText, Funnel, Gauge, GraduationCap, House, Inbox, Info, KanbanSquare, Keyboard, Languages, LayoutList, ListChecks, Lock, LogOut, Mail,
  MapPin, Menu, Moon, Pencil, Phone, Plug, Plus, RefreshCw, RotateCcw, Save, Search, Settings, ShieldCheck, Sun, Target, Trash2, TriangleAlert,
  Undo2, User, Users, X, type IconNode,
} from 'lucide';

export const ICONS = {
  'archive': Archive, 'arrow-down': ArrowDown, 'arrow-left': ArrowLeft, 'arrow-right': ArrowRight, 'arrow-up': ArrowUp, 'sort': ArrowUpDown,
  'bell': Bell, 'briefcase': BriefcaseBusiness, 'building': Building2, 'calendar': CalendarDays, 'check': Check, 'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft, 'chevron-right': ChevronRight, 'circle-alert': CircleAlert, 'circle-check': CircleCheck,
  'pause': CirclePause, 'play': CirclePlay, 'circle-x': CircleX, 'tasks': ClipboardList, 'clock': Clock, 'command': Command, 'contrast': Contrast, 'copy': Copy,
  'door': DoorOpen, 'download': Download, 'ellipsis': Ellipsis, 'external': ExternalLink, 'eye': Eye, 'eye-off': EyeOff, 'file': FileText, 'filter': Funnel,
  'gauge': Gauge, 'graduation': GraduationCap, 'house': House, 'inbox': Inbox, 'info': Info, 'kanban': KanbanSquare, 'keyboard': Keyboard,
  'languages': Languages, 'list': LayoutList, 'checklist': ListChecks, 'lock': Lock, 'logout': LogOut, 'mail': Mail, 'pin': MapPin, 'menu': Menu, 'moon': Moon, 'pencil': Pencil,
  'phone': Phone, 'plug': Plug, 'plus': Plus, 'refresh': RefreshCw, 'retry': RotateCcw, 'save': Save, 'search': Search, 'settings': Settings,
  'shield': ShieldCheck, 'sun': Sun, 'target': Target, 'trash': Trash2, 'warning': TriangleAlert, 'undo': Undo2, 'user': User, 'users': Users, 'x': X,
} satisfies Record<string, IconNode>;

export type IconName = keyof typeof ICONS;
