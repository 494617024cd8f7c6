namespace Quorate.Hosting.Settings;

/// <summary>The settings cannot be used; the message says every reason.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    public SettingsException(string message)
        : this([message])
    {
    }

    public SettingsException()
        : this("the settings cannot be used")
    {
    }

    public SettingsException(string message, Exception innerException)
        : base(message, innerException) => Problems = [message];

    /// <summary>One sentence each; at least one.</summary>
    public IReadOnlyList<string> Problems { get; }
}
