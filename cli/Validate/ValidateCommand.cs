using System.CommandLine;
using Quorate.Cli.Files;
using Quorate.Model.Configuration;
using Quorate.Model.Resources;

namespace Quorate.Cli.Validate;

/// <summary><c>quorate validate FILE</c>: every finding of a configuration with its line, number and what to do.</summary>
internal static class ValidateCommand
{
    private const int Clean = 0;
    private const int HasWarnings = 1;
    private const int HasErrors = 2;
    private const int Unreadable = 3;

    /// <summary>Makes the command for the command line.</summary>
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "The cluster.conf to check." };
        Command command = new("validate", "Check a cluster.conf. Exit: 0 clean, 1 warnings, 2 errors, 3 unreadable.") { file };
        command.SetAction(result => Run(result.GetRequiredValue(file)));
        return command;
    }

    /// <summary>Checks one file and prints the findings on standard output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string file)
    {
        using StreamWriter output = new(Console.OpenStandardOutput());
        return Run(file, output, Console.Error);
    }

    /// <summary>Checks one file and prints the findings.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string file, TextWriter output, TextWriter error)
    {
        if (!ConfigurationFile.TryRead(file, ResourceTypeCatalog.BuiltIn, error, out ConfigurationResult? result))
        {
            return Unreadable;
        }

        foreach (ConfigProblem problem in result.Problems)
        {
            output.WriteLine(ConfigurationFile.Format(file, problem));
        }

        return result.Problems.IsEmpty ? Clean
            : result.Problems.Any(problem => problem.Severity == ConfigSeverity.Error) ? HasErrors
            : HasWarnings;
    }
}
