namespace Quorate.Model.Configuration;

/// <summary>How bad a finding is.</summary>
public enum ConfigSeverity
{
    Warning,
    Error,
}
