using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;

namespace Quorate.Model.Configuration;

/// <summary>Gathers findings while a configuration is read.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Something was skipped or cannot work.</summary>
    public void Error(string code, XObject where, string text) => Add(ConfigSeverity.Error, code, LineOf(where), text);

    /// <summary>It works, perhaps not as meant.</summary>
    public void Warning(string code, XObject where, string text) => Add(ConfigSeverity.Warning, code, LineOf(where), text);

    public void Add(ConfigSeverity severity, string code, int line, string text) => _problems.Add(new(severity, code, line, text));

    /// <summary>All findings by line; those of one line in the order they were found.</summary>
    public ImmutableArray<ConfigProblem> InLineOrder() => [.. _problems.OrderBy(problem => problem.Line)];

    /// <summary>From 1; 0 where the reader kept no positions.</summary>
    public static int LineOf(XObject where) => ((IXmlLineInfo)where).LineNumber;
}
