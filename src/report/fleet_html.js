'use strict';
/* Filters, sorts, opens and copies; without it all of the page is there to be read. It only ever
 * moves and hides elements and sets text: nothing that a log wrote becomes markup. */
document.documentElement.classList.add('js');
addEventListener('DOMContentLoaded', () => {
	const table = document.getElementById('boots');
	if (!table)
		return;
	const byId = (id) => document.getElementById(id);
	const boots = Array.from(table.tBodies);
	const ranks = { panic: 4, reset: 3, hang: 2, oops: 1 };
	const firstDirection = { verdict: 'descending', when: 'descending' };
	const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
	const filter = byId('filter');
	const chip = byId('group');
	const choices = Array.from(document.querySelectorAll('.choice input'));
	/* A browser takes seconds to lay out a table of many thousand rows: of so many the first are listed
	 * (the page's HTML says from which on they stand beyond). */
	const step = Number(table.dataset.step);
	let limit = step;
	const grouped = (count) => count.toLocaleString('en-US');

	/* Filtering. What is searched of a boot is its row, what the log says, and where it stands. */

	const searched = new WeakMap();
	const textOf = (boot) => {
		if (!searched.has(boot)) {
			const parts = Array.from(boot.querySelectorAll('.find'), (part) => part.textContent);
			searched.set(boot, parts.join(' ').toLowerCase());
		}
		return searched.get(boot);
	};
	let group = null;

	const apply = () => {
		const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
		const verdicts = new Set(choices.filter((choice) => choice.checked).map((choice) => choice.value));
		const isShown = (boot) => verdicts.has(boot.dataset.verdict) &&
			(!group || boot.dataset[group.by] === group.key) &&
			words.every((word) => textOf(boot).includes(word));
		let found = 0;
		for (const boot of boots) {
			boot.hidden = !isShown(boot);
			boot.classList.toggle('beyond', !boot.hidden && found >= limit);
			found += boot.hidden ? 0 : 1;
		}
		const all = `${grouped(boots.length)} boot${boots.length === 1 ? '' : 's'}`;
		const part = found === boots.length ? all : `${grouped(found)} of ${all}`;
		byId('count').textContent = found > limit ? `${part}, the first ${grouped(limit)} listed` : part;
		byId('further').hidden = found <= limit;
		chip.hidden = !group;
		if (group)
			chip.textContent = `Only ${group.by} ${group.name} \u00d7`;
	};

	const applyAnew = () => {
		limit = step;
		apply();
	};
	byId('further').addEventListener('click', () => {
		limit += step;
		apply();
	});
	let waiting = 0;
	filter.addEventListener('input', () => {
		clearTimeout(waiting);
		waiting = setTimeout(applyAnew, 120);
	});
	for (const choice of choices)
		choice.addEventListener('change', applyAnew);
	chip.addEventListener('click', () => {
		group = null;
		applyAnew();
		filter.focus();
	});
	for (const button of document.querySelectorAll('.show'))
		button.addEventListener('click', () => {
			const { by, key, name } = button.dataset;
			group = { by, key, name: name || 'not known' };
			filter.value = '';
			for (const choice of choices)
				choice.checked = true;
			applyAnew();
			byId('failed').scrollIntoView();
			chip.focus({ preventScroll: true });
		});

	/* Sorting. What is not known stands last, in both directions. */

	const keyOf = (boot, column) => {
		if (column === 'verdict')
			return ranks[boot.dataset.verdict] || 0;
		const cell = boot.querySelector(`.${column}`);
		if (column === 'when')
			return cell.dataset.key === undefined ? null : Number(cell.dataset.key);
		const text = cell.textContent.trim();
		return text === '\u2013' ? null : text;
	};
	const compare = (a, b) => typeof a === 'number' ? a - b : collator.compare(a, b);

	const sort = (head, column) => {
		const opposite = { ascending: 'descending', descending: 'ascending' };
		const direction = opposite[head.ariaSort] || firstDirection[column] || 'ascending';
		const sign = direction === 'ascending' ? 1 : -1;
		const keys = new Map(boots.map((boot) => [boot, keyOf(boot, column)]));
		boots.sort((one, other) => {
			const a = keys.get(one);
			const b = keys.get(other);
			if (a === null || b === null)
				return (a === null) - (b === null);
			return sign * compare(a, b);
		});
		/* A fragment, so that the table is laid out once. */
		const fragment = document.createDocumentFragment();
		for (const boot of boots)
			fragment.appendChild(boot);
		table.append(fragment);
		applyAnew();
		for (const other of table.querySelectorAll('[aria-sort]'))
			other.removeAttribute('aria-sort');
		head.setAttribute('aria-sort', direction);
	};
	for (const head of table.querySelectorAll('[data-sort]')) {
		const button = document.createElement('button');
		button.type = 'button';
		button.textContent = head.textContent;
		head.replaceChildren(button);
		button.addEventListener('click', () => sort(head, head.dataset.sort));
	}

	/* Opening. */

	/* One word, which browsers find at once; of several they look at all of the page. */
	const openVisible = (isOpen) => {
		for (const boot of boots) {
			const details = boot.querySelector('details');
			if (details && !boot.hidden && !boot.classList.contains('beyond'))
				details.open = isOpen;
		}
	};
	byId('open-all').addEventListener('click', () => openVisible(true));
	byId('close-all').addEventListener('click', () => openVisible(false));

	table.addEventListener('click', (event) => {
		const row = event.target.closest('.row');
		const details = row && row.parentNode.querySelector('details');
		if (details && String(getSelection()) === '')
			details.open = !details.open;
	});

	/* Browsers that cannot show closed details on paper. */
	if (!CSS.supports('selector(::details-content)')) {
		let opened = [];
		addEventListener('beforeprint', () => {
			opened = Array.from(table.querySelectorAll('.boot:not([hidden]) .more details:not([open])'));
			for (const details of opened)
				details.open = true;
		});
		addEventListener('afterprint', () => {
			for (const details of opened)
				details.open = false;
		});
	}

	/* Copying: the buttons come when a boot is opened. */

	const copy = async (button, code) => {
		try {
			await navigator.clipboard.writeText(code.textContent);
			button.textContent = 'Copied';
		} catch (error) {
			getSelection().selectAllChildren(code);
			button.textContent = 'Selected';
		}
		setTimeout(() => {
			button.textContent = 'Copy';
		}, 2000);
	};
	const addCopyButtons = (details) => {
		for (const pre of details.querySelectorAll('pre:not(.copyable)')) {
			const button = document.createElement('button');
			button.type = 'button';
			button.className = 'copy';
			button.textContent = 'Copy';
			button.setAttribute('aria-label', 'Copy this command');
			button.addEventListener('click', () => copy(button, pre.querySelector('code')));
			pre.classList.add('copyable');
			pre.append(button);
		}
	};
	/* In one go: a change between each two of many events would lay out the table as many times. */
	let toggled = [];
	table.addEventListener('toggle', (event) => {
		if (!toggled.length)
			setTimeout(() => {
				toggled.forEach(addCopyButtons);
				toggled = [];
			}, 50);
		toggled.push(event.target);
	}, true);
	apply();
});
