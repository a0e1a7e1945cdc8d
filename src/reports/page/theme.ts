/**
 * The colours of the charts. Every two of a palette are at least 0.12 apart in OKLab, to a full eye and to one without
 * red or green cones (Machado et al. 2009), and each has a contrast of 3:1 or more with the surface.
 */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly quiet: string;
  readonly palette: readonly string[];
}

const LIGHT: Theme = {
  text: '#1c2127',
  muted: '#57606b',
  line: '#e4e7eb',
  surface: '#ffffff',
  accent: '#1f5fa8',
  quiet: '#8493a6',
  palette: ['#1f5fa8', '#9e9801', '#9d3f67', '#359ebe', '#054707', '#7a6ee1', '#916200', '#59286a', '#ba7579'],
};

const DARK: Theme = {
  text: '#e9ecef',
  muted: '#a9b2bc',
  line: '#31373f',
  surface: '#1b1f25',
  accent: '#79b0f2',
  quiet: '#5d6a79',
  palette: ['#79b0f2', '#b88700', '#df859c', '#4574de', '#a9c52f', '#a64596', '#f2cca2', '#636e3a', '#00e7f7'],
};

const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

/** The theme to draw in now; paper is always light. */
export function currentTheme(): Theme {
  return dark.matches && !printing ? DARK : LIGHT;
}

/** The colour of the n-th series. */
export function seriesColor(theme: Theme, index: number): string {
  return theme.palette[index % theme.palette.length]!;
}

/** Hears of every change of theme, printing included. */
export function onThemeChange(changed: () => void): void {
  dark.addEventListener('change', changed);
  for (const [event, value] of [
    ['beforeprint', true],
    ['afterprint', false],
  ] as const) {
    addEventListener(event, () => {
      printing = value;
      changed();
    });
  }
}
