namespace Quorate.Hosting.Database;

/// <summary>The tables of one owner, run at start before anything else of the host.</summary>
internal sealed record MigrationSet(string Owner, IReadOnlyList<string> Statements);
